using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Prometheus;

namespace Grid.Silo.Metrics;

/// <summary>One instrument and its series. Thread-safe; a measurement of a series that is known allocates nothing.</summary>
internal sealed class BridgedInstrument
{
    private const string OtherValue = "other";

    private readonly MetricFactory _factory;
    private readonly MetricKind _kind;
    private readonly string _name;
    private readonly string _help;
    private readonly double _scale;
    private readonly double[] _buckets;
    private readonly string[]? _tags;
    private readonly int _maxSeries;
    private readonly Action<string> _onDropped;
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MetricSeries> _series = new(TagComparer.Instance);
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MetricSeries>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _lookup;
    private readonly Lock _lock = new();
    private MetricSeries? _other;
    private long _scrape;

    public BridgedInstrument(Instrument instrument, MeterSelection selection, MetricKind kind, string name, MetricFactory factory, int maxSeries, Action<string> onDropped)
    {
        var unit = MetricUnit.Parse(instrument.Unit);
        _factory = factory;
        _kind = kind;
        _name = name;
        _help = string.IsNullOrEmpty(instrument.Description) ? $"{instrument.Meter.Name} {instrument.Name}" : instrument.Description;
        _scale = unit.Scale;
        _buckets = kind == MetricKind.Histogram ? selection.Buckets ?? MetricBuckets.Of(instrument, unit) : [];
        _tags = selection.Tags;
        _maxSeries = maxSeries;
        _onDropped = onDropped;
        _lookup = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    public static MetricKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        return type == typeof(Counter<>) ? MetricKind.Counter
            : type == typeof(ObservableCounter<>) ? MetricKind.ObservedCounter
            : type == typeof(UpDownCounter<>) ? MetricKind.UpDown
            : type == typeof(Histogram<>) ? MetricKind.Histogram
            : type == typeof(Gauge<>) ? MetricKind.Gauge
            : MetricKind.ObservedGauge;
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        // A NaN would stay in a sum for ever.
        if (double.IsNaN(value))
        {
            return;
        }

        var series = _lookup.TryGetValue(tags, out var known) ? known : Add(tags);
        series.SeenInScrape = Volatile.Read(ref _scrape);
        series.Record(value * _scale);
    }

    /// <summary>A scrape begins: what observable instruments do not report in it is gone.</summary>
    public void BeginScrape() => Interlocked.Increment(ref _scrape);

    public void EndScrape()
    {
        if (_kind != MetricKind.ObservedGauge)
        {
            return;
        }

        lock (_lock)
        {
            foreach (var (tags, series) in _series)
            {
                if (series.SeenInScrape < _scrape && _series.TryRemove(tags, out _))
                {
                    series.Remove();
                }
            }
        }
    }

    private MetricSeries Add(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_lock)
        {
            if (_lookup.TryGetValue(tags, out var known))
            {
                return known;
            }

            var (labels, values) = Label(tags);
            if (_series.Count >= _maxSeries)
            {
                _onDropped(_name);
                return _other ??= Make(labels, [.. values.Select(static _ => OtherValue)]);
            }

            var series = Make(labels, values);
            _series[tags.ToArray()] = series;
            return series;
        }
    }

    private (string[] Labels, string[] Values) Label(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new List<string>(tags.Length);
        var values = new List<string>(tags.Length);
        foreach (var (key, value) in tags)
        {
            if (_tags is not null && !_tags.Contains(key))
            {
                continue;
            }

            var label = MetricName.Label(key);
            if (!labels.Contains(label))
            {
                labels.Add(label);
                values.Add(value is IFormattable f ? f.ToString(null, CultureInfo.InvariantCulture) : value?.ToString() ?? "");
            }
        }

        return ([.. labels], [.. values]);
    }

    private MetricSeries Make(string[] labels, string[] values) => _kind switch
    {
        MetricKind.Counter => new MetricSeries.OfCounter(_factory.CreateCounter(_name, _help, labels), values),
        MetricKind.ObservedCounter => new MetricSeries.OfObservedCounter(_factory.CreateCounter(_name, _help, labels), values),
        MetricKind.UpDown => new MetricSeries.OfUpDown(_factory.CreateGauge(_name, _help, labels), values),
        MetricKind.Histogram => new MetricSeries.OfHistogram(_factory.CreateHistogram(_name, _help, labels, new HistogramConfiguration { Buckets = _buckets }), values),
        _ => new MetricSeries.OfGauge(_factory.CreateGauge(_name, _help, labels), values),
    };
}
