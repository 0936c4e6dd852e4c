using System.Diagnostics;
using System.Globalization;
using Grid.Bench.Clusters;
using Grid.Bench.Measuring;
using Grid.Bench.Processes;
using Grid.Client.Http;
using Grid.Grains.Balancing.Costs;
using Grid.Primitives;

namespace Grid.Bench.Entering;

/// <summary>A prediction by entity that enters at the door of its owner against one that enters at another silo, and what placement and balancing take beside them.</summary>
internal static class EnteringBenchmark
{
    private const string Direct = "at the owner's door";
    private const string Hop = "at another silo's door";

    public static async Task<BenchReport> RunAsync(EnteringSettings settings, Action<string> progress)
    {
        var report = new BenchReport(
            "remote",
            string.Create(CultureInfo.InvariantCulture, $"predictions by entity on two silos with {settings.Shards} live shards, {settings.Callers} callers, medians of {settings.Rounds} rounds"));
        await using var postgres = await BenchServer.StartAsync();
        await using var cluster = await BenchCluster.StartAsync(postgres, "remote", 2, settings.Shards);
        HttpGridClient[] doors = [cluster.ClientOf(0), cluster.ClientOf(1)];
        using var share = new PlacementShare(cluster);
        try
        {
            // 1. Without load.
            await share.BeginAsync();
            await Task.Delay(TimeSpan.FromSeconds(settings.RestSeconds));
            Report("at rest", await share.EndAsync(), 0, report);

            // 2. Both ways in turn.
            var rounds = new Dictionary<string, List<EnteringRound>>(StringComparer.Ordinal) { [Direct] = [], [Hop] = [] };
            for (var round = -settings.WarmUps; round < settings.Rounds; round++)
            {
                if (round == 0)
                {
                    await share.BeginAsync();
                }

                foreach (var way in (string[])(round % 2 == 0 ? [Direct, Hop] : [Hop, Direct]))
                {
                    var measured = await MeasureAsync(cluster, doors, settings, way == Hop);
                    progress(string.Create(CultureInfo.InvariantCulture, $"round {round}, {way}: {measured}"));
                    if (round >= 0)
                    {
                        rounds[way].Add(measured);
                    }
                }
            }

            var underLoad = await share.EndAsync();
            Report(rounds, report);
            Report("under load", underLoad, 2L * settings.Rounds * settings.Requests, report);
            return report;
        }
        finally
        {
            foreach (var door in doors)
            {
                door.Dispose();
            }
        }
    }

    private static void Report(Dictionary<string, List<EnteringRound>> rounds, BenchReport report)
    {
        foreach (var (way, measured) in rounds)
        {
            report.Add(
                "entry",
                way,
                ("p50 ms", Statistics.Median(measured.Select(static r => r.P50Ms))),
                ("p99 ms", Statistics.Median(measured.Select(static r => r.P99Ms))),
                ("silos' CPU µs/request", Statistics.Median(measured.Select(static r => r.CpuMicroseconds))),
                ("gone elsewhere", measured.Max(static r => r.Elsewhere)));
        }

        report.Add(
            "entry",
            "the hop over the owner's door",
            ("p50 ms", Statistics.Median(rounds[Hop].Zip(rounds[Direct], static (hop, direct) => hop.P50Ms / direct.P50Ms))),
            ("p99 ms", Statistics.Median(rounds[Hop].Zip(rounds[Direct], static (hop, direct) => hop.P99Ms / direct.P99Ms))),
            ("silos' CPU µs/request", Statistics.Median(rounds[Hop].Zip(rounds[Direct], static (hop, direct) => hop.CpuMicroseconds / direct.CpuMicroseconds))));
    }

    private static void Report(string setting, (double Seconds, double Cpu, IReadOnlyDictionary<string, double> Taken) measured, long requests, BenchReport report)
    {
        var metered = requests * MeteringSeconds();
        var all = measured.Taken.Values.Sum() + metered;
        report.Add(
            setting,
            "placement and balancing",
            [
                ("silos' cores", measured.Cpu / measured.Seconds),
                .. measured.Taken.OrderBy(static t => t.Key, StringComparer.Ordinal).Select(t => ($"{t.Key} ms/s", t.Value / measured.Seconds * 1000)),
                ("metering ms/s", metered / measured.Seconds * 1000),
                ("% of a core", all / measured.Seconds * 100),
                ("% of the silos' CPU", all / measured.Cpu * 100),
            ]);
        if (requests > 0)
        {
            report.AtMost(setting, "placement and balancing, % of the silos' CPU", all / measured.Cpu * 100, 1);
        }
        else
        {
            report.AtMost(setting, "placement and balancing, % of a core", all / measured.Seconds * 100, 1);
        }
    }

    /// <summary>What a prediction pays for being counted towards its shard's cost, which the silos cannot time themselves without paying more.</summary>
    private static double MeteringSeconds()
    {
        const int Calls = 1_000_000;
        var cost = new ShardCost(new ShardKey("default", "t", 0));
        var version = new VersionKey("default", ClusterContent.Model, "1");
        var began = 0L;
        for (var i = -Calls; i < Calls; i++)
        {
            if (i == 0)
            {
                began = Stopwatch.GetTimestamp();
            }

            var start = Stopwatch.GetTimestamp();
            cost.Predicted(version, 1, isLocal: true, Stopwatch.GetTimestamp() - start);
        }

        return Stopwatch.GetElapsedTime(began).TotalSeconds / Calls;
    }

    private static async Task<EnteringRound> MeasureAsync(BenchCluster cluster, HttpGridClient[] doors, EnteringSettings settings, bool isHop)
    {
        // 1. Who owns what now.
        var doorOf = new Dictionary<string, int>(StringComparer.Ordinal) { [cluster.Silos[0].Address] = 0, [cluster.Silos[1].Address] = 1 };
        var owners = new int[cluster.Tenants.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, owners.Length),
            new ParallelOptions { MaxDegreeOfParallelism = settings.Callers },
            async (i, token) => owners[i] = doorOf[(await doors[0].PredictAsync(ClusterContent.Model, cluster.Tenants[i], ClusterContent.Account, cancellationToken: token)).Owner]);

        // 2. Every request enters at the door that was meant; where the shard has moved meanwhile it counts as gone elsewhere.
        var latencies = new double[settings.Requests];
        var (next, elsewhere) = (-1, 0);
        var cpu = cluster.CpuSeconds;
        await Task.WhenAll(Enumerable.Range(0, settings.Callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var n && n < settings.Requests)
            {
                var tenant = n % owners.Length;
                var door = isHop ? 1 - owners[tenant] : owners[tenant];
                var began = Stopwatch.GetTimestamp();
                var answer = await doors[door].PredictAsync(ClusterContent.Model, cluster.Tenants[tenant], ClusterContent.Account);
                latencies[n] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                if (doorOf[answer.Owner] == door == isHop)
                {
                    Interlocked.Increment(ref elsewhere);
                }
            }
        })));
        cpu = cluster.CpuSeconds - cpu;
        return new EnteringRound(
            Statistics.Quantile(latencies, 0.5),
            Statistics.Quantile(latencies, 0.99),
            cpu / settings.Requests * 1e6,
            (double)elsewhere / settings.Requests);
    }
}
