using System.Diagnostics;
using System.Globalization;
using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Http;
using Grid.Cluster.Tests.Clustering;
using Grid.Primitives;
using Grid.TestKit;

namespace Grid.Cluster.Tests.Replicas;

/// <summary>Versions that do not live on every silo: shards of the others have them computed in one hop, and nobody notices when the silo that has one dies.</summary>
[Collection(nameof(ClusterTests))]
public sealed class ReplicaTests(ITestOutputHelper output)
{
    private const string Model = "flights-late";

    /// <summary>The version whose bytes the others are copies of; it lives on every silo.</summary>
    private const string Everywhere = "2";

    private static readonly string[] s_tenants = [.. Enumerable.Range(0, 24).Select(static i => $"t{i:00}")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Dictionary<string, string> Settings(string mode) => new() { ["GRID_BALANCER__PERIOD"] = "00:00:01", ["GRID_BALANCER__MODE"] = mode };

    [Fact]
    public async Task VersionOnOneSilo_AnswersForShardsOfAll_WithTheSameBits()
    {
        // Without a balancer, so that no shard is moved to the model meanwhile.
        await using var cluster = await SiloCluster.StartAsync(3, Settings("off"), flights: true);
        using var grid = cluster.Client();
        await CreateTenantsAsync(grid);
        await PushAsync(grid, "one", "replicas: { min: 1, max: 1 }");
        var holder = await HolderAsync(grid, "one");

        var afar = 0;
        foreach (var tenant in s_tenants)
        {
            var here = await PredictAsync(grid, tenant, Everywhere);
            var there = await PredictAsync(grid, tenant, "one");
            Assert.True(here.Local);
            Assert.Equal(here.Layout.Names, there.Layout.Names);
            Assert.Equal(Bits(here), Bits(there));
            Assert.Equal(here.Features, there.Features);
            afar += there.Local ? 0 : 1;
        }

        // Some shards live with it; they need no hop.
        Assert.InRange(afar, 1, s_tenants.Length - 1);
        Assert.Equal(afar, await RemoteAsync(cluster));
        var report = await grid.Cluster.RebalanceAsync(isDryRun: true, Token);
        Assert.True(report.Locality < 1, report.ToString());
        Assert.Equal(holder, await HolderAsync(grid, "one"));
        Assert.Contains("at most 1 replicas", (await grid.Cluster.ExplainAsync($"version:{Model}/one", Token)).Summary, StringComparison.Ordinal);

        // Many at once: the same answers, each by itself right or wrong.
        var many = await grid.PredictManyAsync(Model, s_tenants[0], [new PredictItem("JFK", Values(0)), new PredictItem("LAX", new RequestValues(["colour"], [1])), new PredictItem("ORD", Values(2))], options: Pinned("one"), cancellationToken: Token);
        Assert.Equal([null, GridErrorCode.InvalidArgument, null], many.Select(static p => p.Error?.Code));
        // By tensor: the silo that was asked has it, or a hop finds it.
        var vector = (await PredictAsync(grid, s_tenants[0], "one")).Features!;
        Tensor[] tensors = [Tensor.Create<float>("features", TensorElementType.FP32, [1, vector.Length], vector)];
        for (var door = 0; door < 3; door++)
        {
            using var one = cluster.Client(static o => o.FollowOwners = false, door);
            var there = await one.InferAsync(Model, tensors, "one", ["probabilities"], TimeSpan.FromMinutes(1), Token);
            var here = await one.InferAsync(Model, tensors, Everywhere, ["probabilities"], TimeSpan.FromMinutes(1), Token);
            Assert.Equal(here.Outputs[0].Data.ToArray(), there.Outputs[0].Data.ToArray());
            Assert.Equal("one", there.Version);
        }

        Assert.Equal(holder, await HolderAsync(grid, "one"));
        output.WriteLine($"{afar} of {s_tenants.Length} predictions took a hop to {holder}");
        await MeasureAsync(grid);
    }

    /// <summary>What the hop costs, for whoever reads the output: medians over the door, one request at a time.</summary>
    private async Task MeasureAsync(HttpGridClient grid)
    {
        foreach (var tenant in s_tenants)
        {
            if ((await PredictAsync(grid, tenant, "one")).Local)
            {
                continue;
            }

            var times = new Dictionary<string, List<double>>(StringComparer.Ordinal) { [Everywhere] = [], ["one"] = [] };
            for (var n = 0; n < 300; n++)
            {
                foreach (var (version, taken) in times)
                {
                    var start = Stopwatch.GetTimestamp();
                    await PredictAsync(grid, tenant, version);
                    taken.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                }
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median over HTTP: {Median(times[Everywhere]):0} µs in place, {Median(times["one"]):0} µs with a hop"));
            return;
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    [Fact]
    public async Task SiloWithTheOnlyReplicaDies_AnotherTakesIt_AndAnIdleOneComesBackOnRequest()
    {
        await using var cluster = await SiloCluster.StartAsync(3, Settings("on"), flights: true);
        using var grid = cluster.Client();
        await CreateTenantsAsync(grid);

        // 1. The silo that has it dies without a word.
        await PushAsync(grid, "one", "replicas: { min: 1, max: 1 }");
        var expected = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (var tenant in s_tenants)
        {
            expected[tenant] = Bits(await PredictAsync(grid, tenant, "one"));
        }

        var holder = await HolderAsync(grid, "one");
        var dead = int.Parse(holder["silo".Length..], CultureInfo.InvariantCulture);
        await cluster.Silos[dead].KillAsync();
        using var left = cluster.Client([.. Enumerable.Range(0, 3).Where(i => i != dead)]);
        foreach (var tenant in s_tenants)
        {
            Assert.Equal(expected[tenant], Bits(await PredictAgainAsync(left, tenant, "one")));
        }

        // A request may have loaded it before the balancer looked: then that is what it decides on.
        await SiloCluster.UntilAsync(
            () => left.Cluster.ExplainAsync($"version:{Model}/one", Token).AsTask(),
            explanation => explanation.Decisions.Any(d => d is { Kind: "add_replica", Outcome: DecisionOutcome.Done } && d.To != holder && explanation.Places.Any(place => place.IsHere && place.Silo == d.To)),
            "another silo has the replica, and a decision says why");

        // 2. Nobody asks for a version any longer: it leaves every silo.
        await PushAsync(left, "idle", "replicas: { min: 0, max: 1, idle_minutes: 0.05 }");
        Assert.Equal(expected[s_tenants[0]], Bits(await PredictAgainAsync(left, s_tenants[0], "idle")));
        await SiloCluster.UntilAsync(() => HolderAsync(left, "idle"), static name => name.Length == 0, "no silo has the idle version");

        // 3. A request brings it back.
        foreach (var tenant in s_tenants)
        {
            Assert.Equal(expected[tenant], Bits(await PredictAgainAsync(left, tenant, "idle")));
        }

        Assert.NotEmpty(await HolderAsync(left, "idle"));
    }

    private static async Task CreateTenantsAsync(HttpGridClient grid) => await Task.WhenAll(s_tenants.Select(tenant => grid.Tenants.CreateAsync(tenant, 1, Token).AsTask()));

    private static async Task PushAsync(HttpGridClient grid, string version, string replicas)
    {
        using var folder = new TempFolder();
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Flights, "models", Model, Everywhere)))
        {
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        }

        await File.AppendAllTextAsync(Path.Combine(folder.Path, "model.yaml"), $"\n{replicas}\n", Token);
        await grid.Models.PushAsync(Model, version, folder.Path, makeLive: true, Token);
    }

    /// <returns>Names of the silos that have the version loaded, joined; empty where none has.</returns>
    private static async Task<string> HolderAsync(HttpGridClient grid, string version) =>
        string.Join(',', (await grid.Cluster.ExplainAsync($"version:{Model}/{version}", Token)).Places.Where(static place => place.IsHere).Select(static place => place.Silo));

    private static PredictOptions Pinned(string version) => new() { Version = version, Deadline = TimeSpan.FromMinutes(1), WithFeatures = true };

    private static RequestValues Values(int seed) => new(["local_hour", "dow", "distance", "block_min"], [seed % 24, seed % 7, 300 + (37 * seed), 60 + (11 * seed)]);

    private static Task<Prediction> PredictAsync(HttpGridClient grid, string tenant, string version) =>
        grid.PredictAsync(Model, tenant, "JFK", Values(Array.IndexOf(s_tenants, tenant)), options: Pinned(version), cancellationToken: Token).AsTask();

    /// <summary>For a time after a silo has died, requests for what was there may fail in ways that a caller repeats.</summary>
    private static async Task<Prediction> PredictAgainAsync(HttpGridClient grid, string tenant, string version)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(SiloCluster.Patience);
        while (true)
        {
            try
            {
                return await PredictAsync(grid, tenant, version);
            }
            catch (GridException e) when (e.Code is GridErrorCode.Unavailable or GridErrorCode.DeadlineExceeded && !limit.IsCancellationRequested)
            {
                // Sent again.
            }
        }
    }

    private static int[] Bits(Prediction prediction) => [.. prediction.Values.Select(BitConverter.SingleToInt32Bits)];

    /// <summary>Predictions of all silos whose model ran in another process, as the metrics say.</summary>
    private static async Task<double> RemoteAsync(SiloCluster cluster)
    {
        using var http = new HttpClient();
        var pages = await Task.WhenAll(cluster.Silos.Select(silo => http.GetStringAsync(new Uri($"{silo.Address}/metrics"), Token)));
        return pages.SelectMany(static page => page.Split('\n'))
            .Where(static line => line.StartsWith("grid_entity_predictions", StringComparison.Ordinal) && line.Contains("local=\"false\"", StringComparison.Ordinal))
            .Sum(static line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }
}
