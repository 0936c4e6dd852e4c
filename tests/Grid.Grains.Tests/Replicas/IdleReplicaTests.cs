using Grid.Abstractions;
using Grid.Client;
using Grid.Grains.Catalogue;
using Grid.Grains.Tests.Predictions;
using Grid.Grains.Tests.Support;
using Grid.Inference.Hosting;
using Grid.Primitives;
using Grid.TestKit;

namespace Grid.Grains.Tests.Replicas;

/// <summary>A version that may leave memory when nobody asks for it.</summary>
public sealed class IdleReplicaTests : IAsyncLifetime
{
    private const string Model = "flights-late";

    /// <summary>Generous: a test that waits longer is broken, a machine that is busy is not.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private static readonly RequestValues s_values = new(["local_hour", "dow", "distance", "block_min"], [12, 3, 500, 90]);

    private static readonly VersionKey s_key = new("default", Model, "idle");

    private TestGrid _grid = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _grid = await TestGrid.StartAsync(
            static options => options.Balancer.Period = TimeSpan.FromSeconds(1),
            await File.ReadAllTextAsync(Path.Combine(Repository.Flights, "views", "flights.yaml"), Token));
        await _grid.Client.Tenants.CreateAsync("t", 1, Token);
    }

    public ValueTask DisposeAsync() => _grid.DisposeAsync();

    [Fact]
    public async Task IdleVersion_LeavesMemory_AndTheNextRequestBringsItBack()
    {
        await PushAsync("idle", "replicas: { min: 0, max: 1, idle_minutes: 0.05 }");
        Assert.True(_grid.Service<ModelHost>().IsReady(s_key));
        var before = await PredictAsync();

        await UntilAsync(() => _grid.Service<ModelHost>().Status.All(static status => status.Key != s_key), "the version is unloaded");
        Assert.Equal([], _grid.Service<CatalogueReplica>().Current.WantedOn(s_key));
        var explanation = await _grid.Client.Cluster.ExplainAsync($"version:{Model}/idle", Token);
        Assert.StartsWith("It is wanted nowhere, and the next request loads it: Nobody has called it for", explanation.Summary, StringComparison.Ordinal);
        Assert.Contains(explanation.Decisions, static d => d.Kind == "remove_replica" && d.Outcome == DecisionOutcome.Done);

        // It is live all the while.
        var after = await PredictAsync();
        Assert.Equal((before.Version, before.Digest, true), (after.Version, after.Digest, after.Local));
        Assert.Equal(before.Values, after.Values);

        // The balancer takes note of what the request loaded.
        await UntilAsync(() => _grid.Service<CatalogueReplica>().Current.WantedOn(s_key) is [_], "the version is wanted again");
    }

    [Fact]
    public async Task VersionThatIsNotYetThereInTime_IsUnavailableWithARetryTime_AndLaterAnswers()
    {
        await PushAsync("idle", "replicas: { min: 0, max: 1, idle_minutes: 0.05 }");
        await UntilAsync(() => _grid.Service<ModelHost>().Status.All(static status => status.Key != s_key), "the version is unloaded");
        var shard = _grid.Service<IGrainFactory>().GetGrain<IFeatureShardGrain>("default/t/0");

        // No load is done in a millisecond.
        var refused = await shard.PredictAsync(new PredictRequest(Model, null, "JFK", s_values, null, 1, 0, false));
        Assert.True(refused.Error is { Code: GridErrorCode.Unavailable, RetryAfterMs: > 0 } or { Code: GridErrorCode.DeadlineExceeded }, refused.Error?.ToString());
        Assert.Null((await shard.PredictAsync(new PredictRequest(Model, null, "JFK", s_values, null, 60_000, 0, false))).Error);
    }

    [Fact]
    public async Task VersionThatAsksForALabelNobodyHas_DoesNotGoLive()
    {
        var error = await Assert.ThrowsAsync<GridException>(() => PushAsync("idle", "replicas: { requires: [gpu] }"));

        Assert.Equal(GridErrorCode.FailedPrecondition, error.Code);
        Assert.Contains("labels gpu", error.Message, StringComparison.Ordinal);
        Assert.False(_grid.Service<ModelHost>().IsReady(s_key));
    }

    [Fact]
    public async Task VersionThatGoesLiveAgainAfterItWasIdle_IsLoadedBeforeItsFirstRequest()
    {
        await PushAsync("idle", "replicas: { min: 0, max: 1, idle_minutes: 0.05 }");
        await PushAsync("other", "");
        await UntilAsync(() => _grid.Service<ModelHost>().Status.All(static status => status.Key != s_key), "the version is unloaded");
        await UntilAsync(async () => (await _grid.Client.Models.GetVersionAsync(Model, "idle", Token)).Replicas is [{ State: "able" }], "the silo says so");

        await _grid.Client.Models.SetLiveAsync(Model, "idle", Token);
        Assert.Contains(_grid.Service<CatalogueReplica>().Current.WantedOn(s_key)!, static _ => true);
        Assert.Equal("idle", (await PredictAsync()).Version);
    }

    private async Task PushAsync(string version, string replicas)
    {
        using var folder = AskingVersion.Copy(replicas + "\n");
        await _grid.Client.Models.PushAsync(Model, version, folder.Path, makeLive: true, Token);
    }

    private Task<Prediction> PredictAsync() => _grid.Client.PredictAsync(Model, "t", "JFK", s_values, options: new PredictOptions { Deadline = TimeSpan.FromMinutes(1) }, cancellationToken: Token).AsTask();

    private static Task UntilAsync(Func<bool> isSo, string what) => UntilAsync(() => Task.FromResult(isSo()), what);

    private static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(s_patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await isSo())
        {
            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!Token.IsCancellationRequested)
            {
                Assert.Fail($"It never came to be that {what}.");
            }
        }
    }
}
