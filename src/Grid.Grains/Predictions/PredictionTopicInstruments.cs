using System.Diagnostics.Metrics;
using Grid.Grains.Shards;

namespace Grid.Grains.Predictions;

/// <summary>The metrics of the topic of predictions, on the meter of predictions. Thread-safe; one per host.</summary>
internal sealed class PredictionTopicInstruments
{
    private readonly Counter<long> _written;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _gaps;

    public PredictionTopicInstruments(IMeterFactory factory, Func<long> bufferedBytes)
    {
        var meter = factory.Create(PredictionInstruments.MeterName);
        _written = meter.CreateCounter<long>("grid.predictions.topic.written", "{prediction}", "Predictions that the topic has.");
        _bytes = meter.CreateCounter<long>("grid.predictions.topic.bytes", "By", "Bytes of the records that the topic has, before compression.");
        _gaps = meter.CreateCounter<long>("grid.predictions.topic.gaps", "{prediction}", "Predictions that were answered and are not in the topic, by reason: buffer_full, not_taken by the brokers in time, stopped.");
        meter.CreateObservableUpDownCounter("grid.predictions.topic.buffered", bufferedBytes, "By", "Bytes of records that wait for the brokers.");
    }

    public void Written(int bytes)
    {
        _written.Add(1);
        _bytes.Add(bytes);
    }

    public void Missed(string reason, long count) => _gaps.Add(count, new KeyValuePair<string, object?>("reason", reason));
}
