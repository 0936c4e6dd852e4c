using System.Diagnostics;
using System.Globalization;
using Grid.Abstractions;
using Grid.Client;
using Grid.Grains.Monitoring;
using Grid.Grains.Tests.Support;
using Grid.TestKit;

namespace Grid.Grains.Tests.Monitoring;

/// <summary>
/// What watching costs a prediction of the flights model (24 features) in processor time of the process: rounds with and without it take turns. Asserts nothing about
/// time; run it alone with <c>--explicit only</c>, built for release.
/// </summary>
public sealed class FeedMeasurement(ITestOutputHelper output)
{
    private const string Model = "flights-late";
    private const int Rounds = 30;
    private const int Predictions = 10_000;

    [Fact(Explicit = true)]
    public async Task WatchingAPrediction_Measured()
    {
        await using var watched = await StartAsync(isWatched: true);
        await using var plain = await StartAsync(isWatched: false);
        List<double> with = [], without = [];
        for (var round = -2; round < Rounds; round++)
        {
            foreach (var (grid, costs) in ((TestGrid, List<double>)[])[(watched, with), (plain, without)])
            {
                var micros = await RoundAsync(grid.Client);
                if (round >= 0)
                {
                    costs.Add(micros);
                }
            }
        }

        // Most of a difference of two silos is noise of the machine; what the path itself does can be timed alone.
        var feed = new VersionFeed(new Primitives.VersionKey("w", "m", "1"), 10, new MonitoringOptions(), TimeProvider.System);
        float[] features = new float[24], outputs = [0.5f];
        double counting = double.MaxValue, offering = double.MaxValue;
        for (var r = 0; r < 50; r++)
        {
            var ring = new Grid.Monitoring.Feeding.PredictionFeed(25, 1 << 16);
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < 60_000; i++)
            {
                ring.Offer(features, outputs, "t");
            }

            offering = Math.Min(offering, watch.Elapsed.TotalNanoseconds / 60_000);
            watch.Restart();
            for (var i = 0; i < 60_000; i++)
            {
                feed.Count(1, null);
            }

            counting = Math.Min(counting, watch.Elapsed.TotalNanoseconds / 60_000);
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"CPU a prediction, sketching included: watched {Median(with):0.00} µs (least {with.Min():0.00}), not {Median(without):0.00} µs (least {without.Min():0.00}), median of ratios {Median([.. with.Zip(without, static (a, b) => a / b)]):0.000}; offer {offering:0} ns, count {counting:0} ns (alone, best round)"));
    }

    private static async Task<double> RoundAsync(IGridClient client)
    {
        var values = new RequestValues(["local_hour", "dow", "distance", "block_min"], [12, 3, 100, 60]);
        var asOf = new DateTimeOffset(2001, 1, 10, 12, 0, 0, TimeSpan.Zero);
        var before = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Predictions; i++)
        {
            await client.PredictAsync(Model, "t", "BOS", values, asOf);
        }

        return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / Predictions;
    }

    private static async Task<TestGrid> StartAsync(bool isWatched)
    {
        var grid = await TestGrid.StartAsync(options => options.Monitoring.Enabled = isWatched, File.ReadAllText(Path.Combine(Repository.Flights, "views", "flights.yaml")));
        await grid.Client.Tenants.CreateAsync("t", 1);
        await grid.Client.Models.PushAsync(Model, "1", Path.Combine(Repository.Flights, "models", Model, "1"), makeLive: true);
        return grid;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
