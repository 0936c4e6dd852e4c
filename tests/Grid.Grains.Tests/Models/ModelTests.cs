using Grid.Abstractions;
using Grid.Client;
using Grid.Grains.Catalogue;
using Grid.Grains.Tests.Support;
using Grid.Primitives;
using Grid.TestKit;

namespace Grid.Grains.Tests.Models;

/// <summary>Versions of a model: what is registered, what is live, and what an answer says of it.</summary>
public sealed class ModelTests : IAsyncLifetime
{
    private const string Model = "flights-late";
    private static readonly RequestValues s_values = new(["local_hour", "dow", "distance", "block_min"], [12, 3, 500, 90]);

    private TestGrid? _grid;

    private TestGrid Grid => _grid ?? throw new InvalidOperationException("The silo has not been started.");

    private IGridClient Client => Grid.Client;

    public async ValueTask InitializeAsync()
    {
        _grid = await TestGrid.StartAsync(views: await File.ReadAllTextAsync(Path.Combine(Repository.Flights, "views", "flights.yaml")));
        await Client.Tenants.CreateAsync("t", 2);
        await Client.Models.PushAsync(Model, "1", Folder("1"), makeLive: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (_grid is not null)
        {
            await _grid.DisposeAsync();
        }
    }

    [Fact]
    public async Task TheSameBytesAgain_ChangeNothing_AndOtherBytesAreRefused()
    {
        var before = await Client.Models.GetVersionAsync(Model, "1");
        var revision = (await Client.Models.GetAsync(Model)).Revision;
        var again = await Client.Models.PushAsync(Model, "1", Folder("1"));
        var error = await Assert.ThrowsAsync<GridException>(() => Client.Models.PushAsync(Model, "1", Folder("2")).AsTask());

        Assert.Equal((before.Digest, before.RegisteredMs, VersionState.Live), (again.Digest, again.RegisteredMs, again.State));
        Assert.Equal(GridErrorCode.AlreadyExists, error.Code);
        Assert.Contains(before.Digest, error.Message, StringComparison.Ordinal);
        Assert.Equal(revision, (await Client.Models.GetAsync(Model)).Revision);
        Assert.Equal(before.Digest, (await PredictAsync()).Digest);
    }

    [Fact]
    public async Task ManyWhoStageAVersionAtOnce_AllFindItStaged()
    {
        await Client.Models.PushAsync(Model, "2", Folder("2"));
        var version = Grid.Service<IGrainFactory>().GetGrain<IModelVersionGrain>($"default/{Model}/2");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => version.StageAsync()));

        Assert.Equal(VersionState.Staged, (await Client.Models.GetVersionAsync(Model, "2")).State);
    }

    [Fact]
    public async Task AVersionThatCannotBeLoaded_DoesNotGoLive_AndTheOldOneGoesOnAnswering()
    {
        var second = await Client.Models.PushAsync(Model, "2", Folder("2"));
        var shared = (await Client.Models.GetVersionAsync(Model, "1")).Files.Select(file => file.Digest).ToHashSet();
        foreach (var file in second.Files.Where(file => !shared.Contains(file.Digest)))
        {
            Assert.True(Digest.TryParse(file.Digest, out var digest));
            var stored = Directory.EnumerateFiles(Grid.StateFolder, "*", SearchOption.AllDirectories).Where(path => path.Contains(digest.Hex, StringComparison.Ordinal) || path.Replace("/", "", StringComparison.Ordinal).EndsWith(digest.Hex, StringComparison.Ordinal)).ToArray();
            Assert.NotEmpty(stored);
            Assert.All(stored, File.Delete);
        }

        Assert.True(Digest.TryParse(second.Digest, out var whole));
        var cached = Path.Combine(Grid.StateFolder, "cache", "versions", whole.Hex);
        if (Directory.Exists(cached))
        {
            Directory.Delete(cached, recursive: true);
        }

        var error = await Assert.ThrowsAsync<GridException>(() => Client.Models.SetLiveAsync(Model, "2").AsTask());

        Assert.Equal(GridErrorCode.FailedPrecondition, error.Code);
        Assert.Equal("version '2' of model 'flights-late'", error.Error.Target);
        Assert.Equal("1", (await Client.Models.GetAsync(Model)).Live);
        Assert.Equal("1", (await PredictAsync()).Version);
        Assert.Equal("1", (await PredictAsync(version: "1")).Version);
    }

    [Fact]
    public async Task TheLiveVersion_CannotBeRetired_AndARetiredOneDoesNotAnswer()
    {
        var error = await Assert.ThrowsAsync<GridException>(() => Client.Models.RetireAsync(Model, "1").AsTask());
        Assert.Equal(GridErrorCode.FailedPrecondition, error.Code);
        Assert.Equal("1", (await PredictAsync()).Version);

        await Client.Models.PushAsync(Model, "2", Folder("2"), makeLive: true);
        Assert.Equal(VersionState.Retired, (await Client.Models.RetireAsync(Model, "1")).State);
        Assert.Equal("2", (await PredictAsync()).Version);
        var retired = await Assert.ThrowsAsync<GridException>(() => PredictAsync(version: "1"));
        Assert.Equal(GridErrorCode.FailedPrecondition, retired.Code);
        var back = await Assert.ThrowsAsync<GridException>(() => Client.Models.SetLiveAsync(Model, "1").AsTask());
        Assert.Equal(GridErrorCode.FailedPrecondition, back.Code);
    }

    [Fact]
    public async Task AVersionThatIsOnlyRegistered_IsLoadedWhenARequestPinsIt()
    {
        await Client.Models.PushAsync(Model, "2", Folder("2"));
        Assert.Equal(VersionState.Registered, (await Client.Models.GetVersionAsync(Model, "2")).State);
        var pinned = await PredictAsync(version: "2");

        Assert.Equal(("2", (await Client.Models.GetVersionAsync(Model, "2")).Digest), (pinned.Version, pinned.Digest));
        Assert.Equal("1", (await PredictAsync()).Version);
        var unknown = await Assert.ThrowsAsync<GridException>(() => PredictAsync(version: "3"));
        Assert.Equal(GridErrorCode.NotFound, unknown.Code);
    }

    [Fact]
    public async Task ARequestThatPinnedARevision_IsAnsweredByTheVersionThatWasLiveThen()
    {
        var shard = Grid.Service<IGrainFactory>().GetGrain<IFeatureShardGrain>($"default/t/{ShardHash.ShardOf("JFK", 2)}");
        var pinned = Grid.Service<CatalogueReplica>().Current.Revision;
        await Client.Models.PushAsync(Model, "2", Folder("2"), makeLive: true);
        var then = await shard.PredictAsync(Request(pinned));
        var now = await shard.PredictAsync(Request(0));

        Assert.Equal(("1", pinned), (then.Version, then.Revision));
        Assert.Equal(("2", Grid.Service<CatalogueReplica>().Current.Revision), (now.Version, now.Revision));

        static PredictRequest Request(long revision) => new(Model, null, "JFK", s_values, null, null, revision, false);
    }

    [Fact]
    public async Task IdsOfPredictions_AreUnique_AndCarryTenantAndShard_AlsoAcrossARestart()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var asOf = DateTimeOffset.FromUnixTimeSeconds(1_000_000_000);
        for (var start = 0; start < 2; start++)
        {
            for (var i = 0; i < 40; i++)
            {
                var entity = $"D{i % 10}";
                var prediction = await Client.PredictAsync(Model, "t", entity, s_values, asOf);
                Assert.True(ids.Add(prediction.Id), prediction.Id);
                Assert.StartsWith($"t.{ShardHash.ShardOf(entity, 2)}.{asOf.ToUnixTimeMilliseconds():x}.", prediction.Id, StringComparison.Ordinal);
                Assert.Equal((Grid.Silo.Address, true), (prediction.Owner.TrimEnd('/'), prediction.Local));
            }

            await Grid.RestartAsync();
        }

        Assert.Equal(80, ids.Count);
    }

    private static string Folder(string version) => Path.Combine(Repository.Flights, "models", Model, version);

    private Task<Prediction> PredictAsync(string? version = null) =>
        Client.PredictAsync(Model, "t", "JFK", s_values, options: new PredictOptions { Version = version }).AsTask();
}
