using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Grid.Bench.Clusters;
using Grid.Bench.Measuring;
using Grid.Bench.Processes;
using Grid.Client;
using Grid.Primitives;

namespace Grid.Bench.Scheduling;

/// <summary>
/// Predictions by entity where the time of a run is fixed and costs no processor: what is lost between one silo and several is lost in scheduling, placement
/// and messages. Devices are filled by one caller for each tenant; latencies are taken apart, at a share of the devices' rate.
/// </summary>
internal static class SchedulingBenchmark
{
    public static async Task<BenchReport> RunAsync(SchedulingSettings settings, Action<string> progress)
    {
        var report = new BenchReport(
            "scheduling",
            string.Create(CultureInfo.InvariantCulture, $"predictions by entity on one device per silo that takes {settings.DeviceMs} ms a run, medians of {settings.Rounds} rounds"));
        await using var postgres = await BenchServer.StartAsync();
        var clusters = new List<BenchCluster>();
        try
        {
            foreach (var silos in settings.Silos)
            {
                clusters.Add(await BenchCluster.StartAsync(postgres, $"scheduling{silos}", silos, silos * settings.TenantsPerSilo, maxBatch: 1, settings.DeviceMs));
            }

            var rounds = clusters.Select(static _ => new List<SchedulingRound>()).ToArray();
            for (var round = -settings.WarmUps; round < settings.Rounds; round++)
            {
                for (var i = 0; i < clusters.Count; i++)
                {
                    var which = (i + round + settings.WarmUps) % clusters.Count;
                    var measured = await MeasureAsync(clusters[which], settings);
                    progress(string.Create(CultureInfo.InvariantCulture, $"round {round}, {settings.Silos[which]} silos: {measured}"));
                    if (round >= 0)
                    {
                        rounds[which].Add(measured);
                    }
                }
            }

            Report(settings, rounds, report);
            return report;
        }
        finally
        {
            foreach (var cluster in clusters)
            {
                await cluster.DisposeAsync();
            }
        }
    }

    private static void Report(SchedulingSettings settings, List<SchedulingRound>[] rounds, BenchReport report)
    {
        for (var i = 0; i < rounds.Length; i++)
        {
            var silos = settings.Silos[i];
            var setting = string.Create(CultureInfo.InvariantCulture, $"{silos} silo{(silos == 1 ? "" : "s")}");
            var ratio = Statistics.Median(rounds[i].Zip(rounds[0], (many, one) => many.PerSecond / one.PerSecond * settings.Silos[0] / silos));
            report.Add(
                setting,
                "Grid",
                ("predictions/s", Statistics.Median(rounds[i].Select(static r => r.PerSecond))),
                ("of linear", ratio),
                ("of the devices", Statistics.Median(rounds[i].Select(r => r.PerSecond * settings.DeviceMs / 1000 / silos))),
                ("p50 ms", Statistics.Median(rounds[i].Select(static r => r.P50Ms))),
                ("p99 ms", Statistics.Median(rounds[i].Select(static r => r.P99Ms))),
                ("errors", rounds[i].Sum(static r => r.Errors)),
                ("silo cores", Statistics.Median(rounds[i].Select(static r => r.SiloCores))),
                ("caller cores", Statistics.Median(rounds[i].Select(static r => r.CallerCores))));
            if (i > 0)
            {
                report.AtLeast(setting, "throughput over that of one silo times their number", ratio, 0.9);
            }
        }
    }

    private static async Task<SchedulingRound> MeasureAsync(BenchCluster cluster, SchedulingSettings settings)
    {
        using var grid = cluster.Client();
        var errors = 0;

        // 1. As much as the devices can do, after every caller has found its owner.
        await Task.WhenAll(cluster.Tenants.Select(tenant => TryAsync(tenant)));
        var (siloCpu, callerCpu, began) = (cluster.CpuSeconds, Environment.CpuUsage.TotalTime.TotalSeconds, Stopwatch.GetTimestamp());
        using var full = new CancellationTokenSource(TimeSpan.FromSeconds(settings.Seconds));
        var counts = await Task.WhenAll(cluster.Tenants.Select(async tenant =>
        {
            var answered = 0;
            while (!full.IsCancellationRequested)
            {
                answered += await TryAsync(tenant) ? 1 : 0;
            }

            return answered;
        }));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        (siloCpu, callerCpu) = (cluster.CpuSeconds - siloCpu, Environment.CpuUsage.TotalTime.TotalSeconds - callerCpu);

        // 2. Latencies where devices are free often.
        var latencies = new ConcurrentQueue<double>();
        var tenants = cluster.Tenants;
        using var paced = new CancellationTokenSource(TimeSpan.FromSeconds(settings.Seconds));
        await PacedLoad.RunAsync(
            1000 / settings.DeviceMs * cluster.Silos.Count * settings.PacedShare,
            async (n, due) =>
            {
                if (await TryAsync(tenants[n % tenants.Count]))
                {
                    latencies.Enqueue(Stopwatch.GetElapsedTime(due).TotalMilliseconds);
                }
            },
            paced.Token);
        double[] sorted = [.. latencies];
        return new SchedulingRound(counts.Sum() / seconds, Statistics.Quantile(sorted, 0.5), Statistics.Quantile(sorted, 0.99), errors, siloCpu / seconds, callerCpu / seconds);

        async Task<bool> TryAsync(string tenant)
        {
            try
            {
                await grid.PredictAsync(ClusterContent.Model, tenant, ClusterContent.Account);
                return true;
            }
            catch (GridException)
            {
                Interlocked.Increment(ref errors);
                return false;
            }
        }
    }
}
