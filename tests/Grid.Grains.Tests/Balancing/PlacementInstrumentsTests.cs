using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grid.Client;
using Grid.Grains.Balancing.Costs;
using Grid.Grains.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.Grains.Tests.Balancing;

public sealed class PlacementInstrumentsTests
{
    [Fact]
    public void Time_IsToldByKindOfWork_InSeconds()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        var instruments = new PlacementInstruments(factory);
        instruments.Took(PlacementWork.Decide, Stopwatch.GetTimestamp() - (2 * Stopwatch.Frequency));
        instruments.Took(PlacementWork.Decide, Stopwatch.GetTimestamp() - Stopwatch.Frequency);

        var seconds = Read(factory);

        Assert.Equal(["decide", "gossip", "place", "report", "sample"], seconds.Keys.Order(StringComparer.Ordinal));
        Assert.InRange(seconds["decide"], 3, 60);
        Assert.Equal(0, seconds["place"]);
    }

    [Fact]
    public async Task Silo_CountsWhatPlacingAndSamplingTake()
    {
        await using var grid = await TestGrid.StartAsync(static options => options.CreateTenantsOnFirstUse = true);
        await grid.Client.AppendAsync("t", [Buys.Push("k", "c", 1)], cancellationToken: TestContext.Current.CancellationToken);

        // The gossip begins with the silo, so a sample was taken before the first answer or is under way.
        var seconds = Read(grid.Service<IMeterFactory>());
        while (seconds["sample"] == 0 || seconds["gossip"] == 0)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
            seconds = Read(grid.Service<IMeterFactory>());
        }

        Assert.True(seconds["place"] > 0, "The shard was placed, and it took no time.");
    }

    private static Dictionary<string, double> Read(IMeterFactory factory)
    {
        // Other silos of this process have instruments of the same name.
        var own = factory.Create(PlacementInstruments.MeterName);
        var seconds = new Dictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (ReferenceEquals(instrument.Meter, own))
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => seconds[(string)tags[0].Value!] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return seconds;
    }
}
