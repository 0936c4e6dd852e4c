using System.Diagnostics.Metrics;
using Prometheus;

namespace Grid.Silo.Metrics;

/// <summary>
/// Turns .NET instruments into Prometheus series of the right type, name, unit and buckets, from the moment it is made.
/// Thread-safe.
/// </summary>
internal sealed class MeterBridge : IDisposable
{
    /// <summary>Series per instrument; what comes beyond goes to one series with the label values <c>other</c>.</summary>
    public const int DefaultMaxSeries = 200;

    private readonly MeterListener _listener = new();
    private readonly MetricFactory _factory;
    private readonly MeterSelection[] _selections;
    private readonly int _maxSeries;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Meter, MetricKind Kind)> _names = new(StringComparer.Ordinal);
    private readonly List<BridgedInstrument> _instruments = [];
    private readonly Counter _dropped;
    private readonly Counter _observeFailures;

    public MeterBridge(CollectorRegistry registry, MeterSelection[]? selections = null, int maxSeries = DefaultMaxSeries)
    {
        _selections = selections ?? MeterSelection.Default;
        _maxSeries = maxSeries;
        _factory = Prometheus.Metrics.WithCustomRegistry(registry);
        _factory.ExemplarBehavior = ExemplarBehavior.NoExemplars();
        _dropped = _factory.CreateCounter(
            "grid_metrics_dropped_measurements_total",
            "Measurements that went to the series 'other' because the instrument has too many.",
            ["instrument"]);
        _observeFailures = _factory.CreateCounter("grid_metrics_observe_failures_total", "Scrapes in which an observable instrument threw.");
        _listener.InstrumentPublished = Publish;
        _listener.MeasurementsCompleted = static (_, _) => { };
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => Record(state, (double)value, tags));
        _listener.Start();
        registry.AddBeforeCollectCallback(Observe);
    }

    public void Dispose() => _listener.Dispose();

    private static void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => ((BridgedInstrument)state!).Record(value, tags);

    private void Publish(Instrument instrument, MeterListener listener)
    {
        if (Array.Find(_selections, s => s.Covers(instrument)) is not { } selection)
        {
            return;
        }

        var kind = BridgedInstrument.KindOf(instrument);
        BridgedInstrument bridged;
        lock (_lock)
        {
            var name = Claim(instrument, kind);
            bridged = new BridgedInstrument(instrument, selection, kind, name, _factory, _maxSeries, dropped => _dropped.WithLabels(dropped).Inc());
            _instruments.Add(bridged);
        }

        listener.EnableMeasurementEvents(instrument, bridged);
    }

    /// <summary>The instrument's name; with its meter's before it where another meter or another type has it already. The same instrument made anew goes on with its series.</summary>
    private string Claim(Instrument instrument, MetricKind kind)
    {
        var isCounter = kind is MetricKind.Counter or MetricKind.ObservedCounter;
        var unit = MetricUnit.Parse(instrument.Unit).Suffix;
        var owner = (instrument.Meter.Name, kind);
        string[] candidates = [instrument.Name, $"{instrument.Meter.Name}.{instrument.Name}", $"{instrument.Meter.Name}.{instrument.Name}.{kind}"];
        var name = "";
        foreach (var candidate in candidates)
        {
            name = MetricName.Of(candidate, unit, isCounter);
            if (!_names.TryGetValue(name, out var taken) || taken == owner)
            {
                break;
            }
        }

        _names[name] = owner;
        return name;
    }

    private void Observe()
    {
        BridgedInstrument[] instruments;
        lock (_lock)
        {
            instruments = [.. _instruments];
        }

        foreach (var instrument in instruments)
        {
            instrument.BeginScrape();
        }

        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (AggregateException)
        {
            // The others were recorded; the one that threw is missing from this scrape, and that is counted.
            _observeFailures.Inc();
        }

        foreach (var instrument in instruments)
        {
            instrument.EndScrape();
        }
    }
}
