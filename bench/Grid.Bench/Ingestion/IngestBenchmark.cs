using System.Diagnostics;
using Grid.Bench.Measuring;
using Grid.Bench.Processes;

namespace Grid.Bench.Ingestion;

/// <summary>From Kafka to durable state, against a bare loop into a dictionary and into Redis.</summary>
internal static class IngestBenchmark
{
    /// <summary>Most storage rows an event may cost.</summary>
    private const double MaxRows = 0.01;

    /// <summary>Most CPU of a silo against the bare loop's, up to <see cref="FewTenants"/>.</summary>
    private const double MaxToBare = 2;

    private const int FewTenants = 229;

    /// <summary>Least CPU of Redis and its feeder against Grid's.</summary>
    private const double MinFromRedis = 5;

    public static async Task<BenchReport> RunAsync(IngestSettings settings, Action<string> progress)
    {
        var report = new BenchReport(
            "ingest",
            $"Kafka to durable state, {settings.Events} events a round of about 100 bytes, {PaymentTopic.Partitions} partitions, medians of {settings.Rounds} rounds; us are CPU per event");
        foreach (var store in settings.Stores)
        {
            foreach (var tenants in settings.Tenants)
            {
                await RunAsync(report, settings, store, tenants, progress);
            }
        }

        return report;
    }

    private static async Task RunAsync(BenchReport report, IngestSettings settings, string store, int tenants, Action<string> progress)
    {
        var setting = $"{store}, {tenants} tenants";
        await using var broker = await BrokerProcess.StartAsync(PaymentTopic.Name, PaymentTopic.Partitions);
        using var topic = new PaymentTopic(broker.Bootstrap, tenants);
        await using var grid = await GridContender.StartAsync(store, broker.Bootstrap);
        await grid.Silo.FreezeAsync();
        await using var bare = await BareContender.StartAsync(broker.Bootstrap);
        await using var redis = await BareContender.StartAsync(broker.Bootstrap, await RedisProcess.StartAsync());
        await using var careless = await BareContender.StartAsync(broker.Bootstrap, await RedisProcess.StartAsync(), isChecked: false);
        IContender[] contenders = [grid, bare, redis, careless];
        await topic.GreetAsync();
        foreach (var contender in contenders)
        {
            await contender.ConsumeAsync(tenants, topic.Ends);
        }

        var rounds = contenders.ToDictionary(static c => c, static _ => new List<IngestRound>());
        var rows = new List<double>();
        for (var round = -settings.WarmUps; round < settings.Rounds; round++)
        {
            await topic.FillAsync(settings.Events);
            for (var i = 0; i < contenders.Length; i++)
            {
                var contender = contenders[(i + round + settings.WarmUps) % contenders.Length];
                var blocks = contender == grid ? await grid.Rows.BlocksAsync() : 0;
                var (own, all, at) = (contender.OwnCpuSeconds(), contender.CpuSeconds(), Stopwatch.GetTimestamp());
                await contender.ConsumeAsync(settings.Events, topic.Ends);
                var took = new IngestRound(
                    settings.Events / Stopwatch.GetElapsedTime(at).TotalSeconds,
                    (contender.OwnCpuSeconds() - own) / settings.Events * 1e6,
                    (contender.CpuSeconds() - all) / settings.Events * 1e6);
                progress($"{setting}, round {round}: {contender.Name} {took.EventsPerSecond:0} events/s, {took.OwnMicroseconds:0.00} us, with its store {took.AllMicroseconds:0.00} us");
                if (round >= 0)
                {
                    rounds[contender].Add(took);
                    if (contender == grid)
                    {
                        rows.Add((double)(await grid.Rows.BlocksAsync() - blocks) / settings.Events);
                    }
                }
            }
        }

        foreach (var contender in contenders)
        {
            var of = rounds[contender];
            List<(string, double)> figures =
            [
                ("events/s", Statistics.Median(of.Select(static r => r.EventsPerSecond))),
                ("us", Statistics.Median(of.Select(static r => r.OwnMicroseconds))),
                ("us with store", Statistics.Median(of.Select(static r => r.AllMicroseconds))),
            ];
            if (contender == grid)
            {
                figures.Add(("log rows/event", Statistics.Median(rows)));
            }

            report.Add(setting, contender.Name, [.. figures]);
        }

        report.AtMost(setting, "storage rows per event", Statistics.Median(rows), MaxRows);
        if (tenants <= FewTenants)
        {
            report.AtMost(setting, "CPU of the silo to the bare loop's", Ratio(rounds[grid], rounds[bare], static r => r.OwnMicroseconds), MaxToBare);
        }

        report.AtLeast(setting, "CPU of the Redis way to the silo's", Ratio(rounds[redis], rounds[grid], static r => r.AllMicroseconds, static r => r.OwnMicroseconds), MinFromRedis);
        report.AtLeast(setting, "CPU of the Redis way to Grid's with its database", Ratio(rounds[redis], rounds[grid], static r => r.AllMicroseconds), MinFromRedis);
    }

    private static double Ratio(List<IngestRound> of, List<IngestRound> to, Func<IngestRound, double> figure, Func<IngestRound, double>? figureOfOther = null) =>
        Statistics.Median(of.Zip(to, (a, b) => figure(a) / (figureOfOther ?? figure)(b)));
}
