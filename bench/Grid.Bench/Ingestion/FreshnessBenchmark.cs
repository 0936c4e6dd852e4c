using System.Diagnostics;
using System.Globalization;
using Grid.Bench.Measuring;
using Grid.Bench.Processes;
using Grid.Primitives;

namespace Grid.Bench.Ingestion;

/// <summary>How long after it was produced an event is in what a read over HTTP answers, while the silo takes in half of what it can.</summary>
internal static class FreshnessBenchmark
{
    private const double MaxP99Ms = 50;

    /// <summary>Load is written in steps of this, short against what is measured.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    public static async Task<BenchReport> RunAsync(FreshnessSettings settings, Action<string> progress)
    {
        var report = new BenchReport("freshness", $"from produce to visible in a read over HTTP, {settings.Tenants} tenants, {settings.Probes} probes");
        foreach (var store in settings.Stores)
        {
            var (rate, idle, loaded) = await RunAsync(settings, store, progress);
            var (p50, p99) = (Statistics.Quantile(loaded, 0.5), Statistics.Quantile(loaded, 0.99));
            report.Add(store, "Grid, no other load", ("events/s", 0), ("p50 ms", Statistics.Quantile(idle, 0.5)), ("p99 ms", Statistics.Quantile(idle, 0.99)));
            report.Add(store, "Grid, half load", ("events/s", rate / 2), ("p50 ms", p50), ("p99 ms", p99));
            report.AtMost(store, "p99 ms at half load", p99, MaxP99Ms);
        }

        return report;
    }

    private static async Task<(double Rate, double[] Idle, double[] Loaded)> RunAsync(FreshnessSettings settings, string store, Action<string> progress)
    {
        await using var broker = await BrokerProcess.StartAsync(PaymentTopic.Name, PaymentTopic.Partitions);
        using var topic = new PaymentTopic(broker.Bootstrap, settings.Tenants, lingerMs: 1);
        await using var grid = await GridContender.StartAsync(store, broker.Bootstrap, settings.FetchWaitMs);
        await topic.GreetAsync();
        await grid.ConsumeAsync(settings.Tenants, topic.Ends);
        var rates = new List<double>();
        for (var i = 0; i < settings.WarmUps + settings.Bursts; i++)
        {
            await topic.FillAsync(settings.Burst);
            var at = Stopwatch.GetTimestamp();
            await grid.ConsumeAsync(settings.Burst, topic.Ends);
            rates.Add(settings.Burst / Stopwatch.GetElapsedTime(at).TotalSeconds);
        }

        var rate = Statistics.Median([.. rates.Skip(settings.WarmUps)]);
        progress($"{store}: full load is {rate:0} events/s");
        await grid.Silo.ThawAsync();
        var idle = await ProbeAsync(topic, grid, settings.Probes, first: 1);
        using var stop = new CancellationTokenSource();
        var loading = Task.Run(() => LoadAsync(topic, rate / 2, stop.Token));
        var loaded = await ProbeAsync(topic, grid, settings.Probes, first: settings.Probes + 1);
        await stop.CancelAsync();
        await loading;
        return (rate, idle, loaded);
    }

    private static async Task LoadAsync(PaymentTopic topic, double rate, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        var written = 0L;
        while (!stop.IsCancellationRequested)
        {
            var due = (long)(Stopwatch.GetElapsedTime(started).TotalSeconds * rate);
            lock (topic)
            {
                topic.Add((int)(due - written));
            }

            written = due;
            await Task.Delay(Step, CancellationToken.None);
        }
    }

    /// <summary>One probe after the other; each has an amount of its own, which is the card's last amount once it is visible.</summary>
    private static async Task<double[]> ProbeAsync(PaymentTopic topic, GridContender grid, int probes, int first)
    {
        // A card that the load never draws.
        const int Card = PaymentTopic.Cards;
        var entity = string.Create(CultureInfo.InvariantCulture, $"c{Card:00000000}");
        var samples = new double[probes];
        for (var i = 0; i < probes; i++)
        {
            var at = Stopwatch.GetTimestamp();
            lock (topic)
            {
                topic.AddProbe(Card, first + i);
            }

            while (await LastAsync(grid, entity) < first + i)
            {
                await Task.Yield();
            }

            samples[i] = Stopwatch.GetElapsedTime(at).TotalMilliseconds;
        }

        return samples;
    }

    /// <summary>The last amount of a card of the first tenant; 0 while it has none.</summary>
    private static async ValueTask<float> LastAsync(GridContender grid, string entity)
    {
        try
        {
            return (await grid.Silo.Client.ReadFeaturesAsync(PaymentTopic.TenantName(0), IngestFiles.View, entity, ["last"])).Values[0];
        }
        catch (GridException e) when (e.Error.Code == GridErrorCode.NotFound)
        {
            return 0;
        }
    }
}
