using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Grid.Bench.Clusters;
using Grid.Bench.Measuring;
using Grid.Bench.Processes;
using Grid.TestKit.PostgreSql;

namespace Grid.Bench.Healing;

/// <summary>A silo is killed, frozen or asked to end under load: when its shards answer again, what the others' callers notice, and whether anything acknowledged is lost.</summary>
internal static class HealingBenchmark
{
    /// <summary>The silo that it happens to; not the first of the first application's doors, and one of the others'.</summary>
    private const int Victim = 1;

    public static async Task<BenchReport> RunAsync(HealingSettings settings, Action<string> progress)
    {
        var report = new BenchReport(
            "healing",
            string.Create(
                CultureInfo.InvariantCulture,
                $"one of {settings.Silos} silos with {settings.Shards} live shards, {settings.PredictionsPerSecond} predictions and {settings.WritesPerSecond} writes a second, default settings"));
        await using var postgres = await BenchServer.StartAsync();
        foreach (var fault in settings.Faults)
        {
            await RunAsync(postgres, fault, settings, report, progress);
        }

        return report;
    }

    [SuppressMessage("Security", "CA5394", Justification = "When a shard is asked is no secret.")]
    private static async Task RunAsync(PostgreSqlServer postgres, HealingFault fault, HealingSettings settings, BenchReport report, Action<string> progress)
    {
        // 1. A grid that has been under load for a while.
        await using var cluster = await BenchCluster.StartAsync(postgres, $"healing_{fault}".ToLowerInvariant(), settings.Silos, settings.Shards);
        using var load = new HealingLoad(cluster);
        await load.LearnOwnersAsync();
        using var stop = new CancellationTokenSource();
        var running = load.RunAsync(settings, stop.Token);
        var began = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(settings.BeforeSeconds));

        // 2. The fault, and one request for each shard of the silo within the next seconds.
        var silo = cluster.Silos[Victim];
        var affected = load.TenantsOf(silo.Address);
        progress(string.Create(CultureInfo.InvariantCulture, $"{fault}: {affected.Length} of {settings.Shards} shards are on the silo"));
        var faultAt = Stopwatch.GetTimestamp();
        var ending = StrikeAsync(silo, fault);
        var random = new Random(3);
        var back = await Task.WhenAll(affected.Select(tenant => AskAsync(load, tenant, faultAt, TimeSpan.FromSeconds(random.NextDouble() * settings.AskSeconds))));
        await ending;
        var whole = Stopwatch.GetElapsedTime(faultAt);
        progress(string.Create(CultureInfo.InvariantCulture, $"{fault}: everything answers after {whole.TotalSeconds:0.0} s"));
        if (TimeSpan.FromSeconds(settings.AfterSeconds) - whole is var rest && rest > TimeSpan.Zero)
        {
            await Task.Delay(rest);
        }

        // 3. The rest of the load ends; a frozen silo wakes, and must not have a say.
        await stop.CancelAsync();
        await running;
        if (fault == HealingFault.Freeze)
        {
            await silo.WakeAsync();
        }

        var (lost, doubled) = await load.CheckAsync();
        foreach (var error in load.Predictions.Concat(load.WriteCalls).Where(static s => s.Error is not null).GroupBy(static s => s.Error).OrderByDescending(static g => g.Count()).Take(5))
        {
            progress($"{fault}: {error.Count()} times: {error.Key}");
        }

        var hit = new HashSet<int>(affected);
        TellSeconds(hit, back, load, faultAt, progress);
        Report(fault, hit, back, load, (began, faultAt), (lost, doubled), report);
    }

    /// <summary>Second by second what the others' callers waited, and how many of the silo's shards had come back.</summary>
    private static void TellSeconds(HashSet<int> affected, (double Seconds, int Failed)[] back, HealingLoad load, long faultAt, Action<string> progress)
    {
        foreach (var second in load.Predictions
            .Where(s => s.DueAt >= faultAt && !affected.Contains(s.Tenant))
            .GroupBy(s => (int)Stopwatch.GetElapsedTime(faultAt, s.DueAt).TotalSeconds)
            .OrderBy(static g => g.Key))
        {
            double[] waited = [.. second.Select(static s => s.Ms)];
            var answered = back.Count(b => b.Seconds < second.Key + 1);
            progress(string.Create(
                CultureInfo.InvariantCulture,
                $"  second {second.Key}: others' p50 {Statistics.Quantile(waited, 0.5):0.0} ms, p99 {Statistics.Quantile(waited, 0.99):0.0} ms; {answered} of {back.Length} shards answer again"));
        }
    }

    private static void Report(
        HealingFault fault,
        HashSet<int> affected,
        (double Seconds, int Failed)[] back,
        HealingLoad load,
        (long Began, long Fault) at,
        (int Lost, int Doubled) writes,
        BenchReport report)
    {
        var setting = fault switch { HealingFault.Kill => "kill -9", HealingFault.Freeze => "SIGSTOP", _ => "SIGTERM" };
        var calls = load.Predictions.Concat(load.WriteCalls).Where(s => s.DueAt >= at.Began).ToArray();
        var after = calls.Where(s => s.DueAt >= at.Fault).ToArray();
        double[] seconds = [.. back.Select(static b => b.Seconds)];
        var p99 = Statistics.Quantile([.. seconds], 0.99);
        var before = P99(load.Predictions.Where(s => s.DueAt >= at.Began && s.DueAt < at.Fault && !affected.Contains(s.Tenant)));
        var others = P99(load.Predictions.Where(s => s.DueAt >= at.Fault && !affected.Contains(s.Tenant)));
        var othersFailed = after.Count(s => s.Error is not null && !affected.Contains(s.Tenant));
        var affectedFailed = after.Count(s => s.Error is not null && affected.Contains(s.Tenant)) + back.Sum(static b => b.Failed);
        report.Add(
            setting,
            "Grid",
            ("shards hit", affected.Count),
            ("answer again p50 s", Statistics.Quantile([.. seconds], 0.5)),
            ("p99 s", p99),
            ("max s", Statistics.Quantile([.. seconds], 1)),
            ("their failed calls", affectedFailed),
            ("others' calls", after.Count(s => !affected.Contains(s.Tenant))),
            ("others' failed calls", othersFailed),
            ("others' p99 before ms", before),
            ("others' p99 after ms", others),
            ("writes acknowledged", load.Writes.Acknowledged),
            ("lost", writes.Lost),
            ("doubled", writes.Doubled));
        if (fault == HealingFault.Drain)
        {
            report.AtMost(setting, "failed calls of anybody", affectedFailed + othersFailed, 0);
        }
        else
        {
            report.AtMost(setting, "shards answer again after, p99 s", p99, fault == HealingFault.Kill ? 5 : 20);
            report.AtMost(setting, "failed calls of others", othersFailed, 0);
        }

        report.AtMost(setting, "others' p99 over that before", others / before, 2);
        report.AtMost(setting, "acknowledged writes lost", writes.Lost, 0);
        report.AtMost(setting, "writes that are there twice", writes.Doubled, 0);
    }

    private static double P99(IEnumerable<CallSample> samples) => Statistics.Quantile([.. samples.Where(static s => s.Error is null).Select(static s => s.Ms)], 0.99);

    private static async Task<(double Seconds, int Failed)> AskAsync(HealingLoad load, int tenant, long since, TimeSpan wait)
    {
        await Task.Delay(wait);
        return await load.ComesBackAsync(tenant, since);
    }

    private static async Task StrikeAsync(SiloProcess silo, HealingFault fault)
    {
        switch (fault)
        {
            case HealingFault.Kill:
                await silo.KillAsync();
                break;
            case HealingFault.Freeze:
                await silo.StunAsync();
                break;
            default:
                var code = await silo.TerminateAsync();
                if (code != 0)
                {
                    throw new InvalidOperationException($"The silo that was asked to end did so with {code}.");
                }

                break;
        }
    }
}
