using Grid.Monitoring.Baselines;
using Grid.Monitoring.Feeding;
using Grid.Monitoring.Signals;
using Grid.Monitoring.Windows;

namespace Grid.Monitoring.Tests.Windows;

/// <summary>A silo that answers several tenants hour by hour, and the monitor that it reports to, with nothing between them left out.</summary>
internal sealed class TenantStream
{
    public const int Rows = 3000;

    private readonly PredictionFeed _feed = new(Streams.Features + 1);
    private readonly SketchCollector _collector;
    private readonly string[] _tenants;
    private readonly Random _random;
    private int _hour;

    public TenantStream(Baseline baseline, MonitorOptions options, string[] tenants, Random random)
    {
        (_tenants, _random) = (tenants, random);
        Monitor = Streams.Monitor(baseline, options);
        _collector = new SketchCollector(_feed, baseline.Layout(), "silo", 1, Streams.Start);
    }

    public ModelMonitor Monitor { get; }

    /// <summary>An hour of rows that are shared evenly.</summary>
    /// <param name="shiftOf">How far a tenant's first feature is off.</param>
    /// <param name="isMissing">Whether a tenant's row lacks the first feature.</param>
    /// <returns>What was reported, and what the monitor made of it.</returns>
    public (SketchDelta Delta, IReadOnlyList<Signal> Changes) Hour(Func<string, double> shiftOf, Func<string, bool>? isMissing = null)
    {
        for (var i = 0; i < Rows; i++)
        {
            var tenant = _tenants[i % _tenants.Length];
            var row = Streams.Row(_random, shiftOf(tenant));
            _feed.Offer(row.AsSpan(0, Streams.Features), row.AsSpan(Streams.Features), tenant, isMissing?.Invoke(tenant) == true ? [1] : []);
        }

        _collector.Drain();
        var end = Streams.Start.AddHours(++_hour);
        var delta = _collector.Cut(end).Single();
        Assert.Equal(MergeOutcome.Merged, Monitor.Merge(SketchDelta.FromBytes(delta.ToBytes(), Monitor.Layout), end));
        var changes = Monitor.Advance(end.AddMinutes(30));
        _collector.WatchTenants(Monitor.TenantColumns);
        return (delta, changes);
    }
}
