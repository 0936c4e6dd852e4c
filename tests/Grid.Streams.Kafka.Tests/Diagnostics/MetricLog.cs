using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Grid.Streams.Kafka.Tests;

/// <summary>What is measured about one topic, from the moment it is made.</summary>
internal sealed class MetricLog : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(Instrument Instrument, long Value, Dictionary<string, object?> Tags)> _measured = new();

    public MetricLog(string topic)
    {
        _listener.InstrumentPublished = (found, listener) =>
        {
            if (found.Meter.Name == KafkaInstruments.MeterName)
            {
                listener.EnableMeasurementEvents(found);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            Dictionary<string, object?> all = new(tags.ToArray());
            if (topic.Equals(all.GetValueOrDefault("topic")))
            {
                _measured.Enqueue((instrument, value, all));
            }
        });
        _listener.Start();
    }

    /// <summary>Of a counter.</summary>
    public long Sum(string instrument) => _measured.Where(m => m.Instrument.Name == instrument).Sum(m => m.Value);

    /// <summary>Of a gauge, now.</summary>
    public long Now(string instrument)
    {
        _listener.RecordObservableInstruments();
        return _measured.Last(m => m.Instrument.Name == instrument).Value;
    }

    /// <summary><c>name unit tag,tag</c> of all that was measured, in order.</summary>
    public List<string> Shapes() => [.. _measured.Select(m => $"{m.Instrument.Name} {m.Instrument.Unit} {string.Join(',', m.Tags.Keys.Order(StringComparer.Ordinal))}").Distinct().Order(StringComparer.Ordinal)];

    public void Dispose() => _listener.Dispose();
}
