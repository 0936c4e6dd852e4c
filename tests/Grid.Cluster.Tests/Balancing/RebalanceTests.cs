using System.Collections.Concurrent;
using System.Globalization;
using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Http;
using Grid.Cluster.Tests.Clustering;
using Grid.Primitives;
using Grid.TestKit;

namespace Grid.Cluster.Tests.Balancing;

/// <summary>Silos as processes of their own under a load that is not even: one joins, and the balancer brings it work while everybody goes on calling.</summary>
[Collection(nameof(ClusterTests))]
public sealed class RebalanceTests(ITestOutputHelper output)
{
    private const string Account = "a";
    private const string Model = "flights-late";

    /// <summary>Predictions go to the owner by hint; appends enter at any door, so they are few.</summary>
    private const int PredictionsPerAppend = 10;

    private const int Tenants = 12;

    /// <summary>Soon and for little, so that a load that a small machine can bear is worth moving.</summary>
    private static readonly Dictionary<string, string> s_settings = new()
    {
        ["GRID_BALANCER__PERIOD"] = "00:00:02",
        ["GRID_BALANCER__SUSTAIN"] = "00:00:04",
        ["GRID_BALANCER__HALFLIFE"] = "00:00:04",
        ["GRID_BALANCER__COOLDOWN"] = "00:00:20",
        ["GRID_BALANCER__MINGAPSHARE"] = "0.005",
    };

    private static readonly RequestValues s_values = new(["local_hour", "dow", "distance", "block_min"], [12, 3, 500, 90]);

    private static readonly string[] s_tenants = [.. Enumerable.Range(0, Tenants).Select(static i => $"t{i:00}")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SiloThatJoins_IsBroughtWork_AndNoCallFails()
    {
        await using var cluster = await SiloCluster.StartAsync(2, s_settings, flights: true);

        // No call is repeated: a move must not be seen as an error at all.
        using var grid = cluster.Client(static o => o.MaxAttempts = 1, 0);
        using var other = cluster.Client(static o => o.MaxAttempts = 1, 1);
        await Task.WhenAll(s_tenants.Select(tenant => SiloCluster.AppendAsync(grid, tenant, Account, "first")));

        using var stop = new CancellationTokenSource();
        var appended = new ConcurrentDictionary<string, int>();
        var failures = new ConcurrentQueue<string>();
        var load = Task.WhenAll(s_tenants.Select((tenant, i) => Task.Run(() => LoadAsync(i % 2 == 0 ? grid : other, tenant, CallsPerSecond(i), appended, failures, stop.Token))));

        // 1. A silo joins under load. It holds nothing: what lives elsewhere stays there until the balancer moves it.
        await cluster.AddAsync();
        var name = $"silo{cluster.Silos.Count - 1}";
        var before = await SiloCluster.UntilAsync(async () => new Look(await grid.Cluster.GetBalanceAsync(Token)), look => look.Report.Silos.Any(s => s.Silo == name), "the balancer knows the new silo");

        // 2. What is asked of the busiest silo falls, by moves that the balancer can name. It is asked, and not the shards' owners: those are many calls.
        var after = await SiloCluster.UntilAsync(
            async () => new Look(await grid.Cluster.GetBalanceAsync(Token)),
            look => look.Report.Decisions.Any(d => d.To == name && d.Outcome == DecisionOutcome.Done) && look.CallsOf(name) > 0 && look.Imbalance < before.Imbalance - 0.05,
            "the load is spread over three silos");
        var report = after.Report;

        await stop.CancelAsync();
        await load;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"predictions, busiest silo over mean: {before.Imbalance:0.00} before, {after.Imbalance:0.00} after {report.Decisions.Count(static d => d.Outcome == DecisionOutcome.Done)} moves; {appended.Values.Sum()} appends and ten times as many predictions; moves took ms {string.Join(' ', report.Decisions.Where(static d => d.Outcome == DecisionOutcome.Done).Select(static d => d.TookMs.ToString("0", CultureInfo.InvariantCulture)))}"));

        // 3. Nobody noticed, and nothing is lost or there twice.
        Assert.True(failures.IsEmpty, $"{failures.Count} calls failed: {string.Join("\n", failures.Take(5))}\n{cluster.Output}");
        foreach (var tenant in s_tenants)
        {
            Assert.True(appended[tenant] > 0, $"{tenant} was never called");
            Assert.Equal(appended[tenant] + 1, await SiloCluster.CountAsync(grid, tenant, Account));
        }

        var holder = await ExplainsAsync(cluster, grid, report.Decisions.Last(d => d.To == name && d.Outcome == DecisionOutcome.Done));
        await OutlivesAsync(holder, cluster, grid);
        Assert.DoesNotContain("The balancer could not look", cluster.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DryRun_SaysWhatItWouldDo_AndMovesNothing()
    {
        await using var cluster = await SiloCluster.StartAsync(2, new Dictionary<string, string>(s_settings) { ["GRID_BALANCER__MODE"] = "off" }, flights: true);
        using var grid = cluster.Client();
        await grid.Cluster.DrainAsync("silo1", Token);
        await Task.WhenAll(s_tenants.Select(tenant => SiloCluster.AppendAsync(grid, tenant, Account, "first")));
        using var stop = new CancellationTokenSource();
        var appended = new ConcurrentDictionary<string, int>();
        var failures = new ConcurrentQueue<string>();
        var load = Task.WhenAll(s_tenants.Select((tenant, i) => Task.Run(() => LoadAsync(grid, tenant, CallsPerSecond(i), appended, failures, stop.Token))));
        await cluster.AddAsync();
        var before = await SiloCluster.OwnersAsync(grid, s_tenants);

        var report = await SiloCluster.UntilAsync(async () => await grid.Cluster.RebalanceAsync(isDryRun: true, Token), static r => r.Decisions.Length > 0, "the balancer would move something");
        Assert.All(report.Decisions, static d => Assert.Equal((DecisionOutcome.DryRun, "silo0"), (d.Outcome, d.From)));
        Assert.Equal((BalanceMode.Off, true), (report.Mode, report.IsDryRun));
        var still = await SiloCluster.OwnersAsync(grid, s_tenants);
        Assert.All(s_tenants, tenant => Assert.Equal(before[tenant].Epoch, still[tenant].Epoch));

        // The same by hand, and meant.
        var done = await SiloCluster.UntilAsync(async () => await grid.Cluster.RebalanceAsync(isDryRun: false, Token), static r => r.Decisions.Length > 0, "the balancer moves something");
        Assert.All(done.Decisions, static d => Assert.Equal((DecisionOutcome.Done, "silo2"), (d.Outcome, d.To)));
        var after = await SiloCluster.OwnersAsync(grid, s_tenants);
        Assert.All(done.Decisions, decision => Assert.NotEqual(before[decision.Subject.Split('/')[1]].Silo, after[decision.Subject.Split('/')[1]].Silo));
        await stop.CancelAsync();
        await load;
        Assert.True(failures.IsEmpty, string.Join("\n", failures.Take(5)));
    }

    /// <summary>Zipf: the first tenant is called some seven times as often as the last.</summary>
    private static double CallsPerSecond(int tenant) => 60 / Math.Pow(tenant + 1, 0.8);

    /// <summary>One call at a time, at a bounded rate: a machine that is busy is asked for less, not for more at once.</summary>
    private static async Task LoadAsync(HttpGridClient grid, string tenant, double perSecond, ConcurrentDictionary<string, int> appended, ConcurrentQueue<string> failures, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / perSecond));
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            try
            {
                if (n % PredictionsPerAppend == 0)
                {
                    var entry = new GridEvent("entry", DateTimeOffset.UnixEpoch.AddDays(20_000), $"{tenant}-{n}", new Dictionary<string, object?> { ["account"] = Account, ["amount"] = 1.0 });
                    Assert.Equal(EventVerdict.Accepted, Assert.Single(await grid.AppendAsync(tenant, [entry], cancellationToken: CancellationToken.None)).Verdict);
                    appended.AddOrUpdate(tenant, 1, static (_, count) => count + 1);
                }

                var prediction = await grid.PredictAsync(Model, tenant, "JFK", s_values, options: new PredictOptions { Deadline = TimeSpan.FromMinutes(1) }, cancellationToken: CancellationToken.None);
                Assert.True(prediction.Local, "features and model are apart");
            }
            catch (Exception e)
            {
                failures.Enqueue($"{tenant} {n}: {e.Message}");
            }

            try
            {
                await timer.WaitForNextTickAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <returns>Number of the silo that holds the balancer.</returns>
    private static async Task<int> ExplainsAsync(SiloCluster cluster, HttpGridClient grid, BalanceDecisionInfo decision)
    {
        var shard = await grid.Cluster.ExplainAsync(decision.Subject, Token);
        Assert.Contains(shard.Decisions, d => d.Id == decision.Id);
        Assert.Equal(3, shard.Places.Length);
        Assert.Single(shard.Places, static p => p.IsHere);
        var again = await grid.Cluster.ExplainAsync(decision.Id.ToString(CultureInfo.InvariantCulture), Token);
        Assert.Equal((decision.Reason, "decision"), (again.Summary, again.Kind));
        Assert.NotEmpty(again.Figures);
        Assert.Contains($"Decision {decision.Id} is done: {decision.Subject} went from {decision.From} to {decision.To}", cluster.Output, StringComparison.Ordinal);

        // Only the silo that holds the balancer has its metrics.
        using var http = new HttpClient();
        var pages = await Task.WhenAll(cluster.Silos.Select(silo => http.GetStringAsync(new Uri($"{silo.Address}/metrics"), Token)));
        var page = Assert.Single(pages, static p => p.Contains("grid_balancer_imbalance", StringComparison.Ordinal));
        Assert.Contains("grid_balancer_locality", page, StringComparison.Ordinal);
        Assert.Contains("outcome=\"done\"", page, StringComparison.Ordinal);
        Assert.Contains($"kind=\"{decision.Kind}\"", page, StringComparison.Ordinal);
        return Array.IndexOf(pages, page);
    }

    /// <summary>A silo that is drained gives the balancer away, too.</summary>
    private static async Task OutlivesAsync(int holder, SiloCluster cluster, HttpGridClient grid)
    {
        await grid.Cluster.DrainAsync($"silo{holder}", Token);
        await SiloCluster.UntilAsync(
            () => Task.FromResult(cluster.Silos.Where((_, i) => i != holder).Any(static silo => silo.Output.Contains("The balancer is here", StringComparison.Ordinal))),
            static isThere => isThere,
            "another silo holds the balancer");
    }

    /// <summary>A look of the balancer, as a failure's message shows it.</summary>
    private sealed record Look(BalanceReport Report)
    {
        /// <summary>Predictions of the silo that makes most, over the mean.</summary>
        public double Imbalance => Report.Silos.Max(static s => s.CallsPerSecond) / Report.Silos.Average(static s => s.CallsPerSecond);

        public double CallsOf(string silo) => Report.Silos.FirstOrDefault(s => s.Silo == silo)?.CallsPerSecond ?? 0;

        public override string ToString() => string.Join(
            '\n',
            [
                $"imbalance {Report.Imbalance} of cores, {Imbalance} of predictions",
                .. Report.Silos.Select(static s => s.ToString()),
                .. Report.Decisions.Select(static d => $"{d.Id} {d.Kind} {d.Subject} {d.From} {d.To} {d.Outcome} {d.Failure} {d.Reason}"),
                .. Report.Held.Select(static h => h.ToString()),
            ]);
    }
}
