using System.Text;
using Grid.Grains.ModelEvents;
using Grid.Monitoring.Signals;
using Grid.Primitives;
using Grid.Streams.Kafka;

namespace Grid.Grains.Signals;

/// <summary>Writes events to a topic as CloudEvents in structured JSON, keyed by what they are about, so that the states of one signal, and what happens to one model, stay in order.</summary>
internal sealed class KafkaSink(KafkaEventProducer producer, Uri source, MetricsSink metrics) : IEventSink<Signal>, IEventSink<ModelEvent>, IDisposable
{
    private static readonly KeyValuePair<string, byte[]>[] Headers = [new("content-type", Encoding.ASCII.GetBytes("application/cloudevents+json; charset=utf-8"))];

    public string Name => "kafka";

    public ValueTask<GridError?> SendAsync(Signal what, CancellationToken cancellationToken) => WriteAsync(what.DedupeKey, what.ToJson(source), cancellationToken);

    public ValueTask<GridError?> SendAsync(ModelEvent what, CancellationToken cancellationToken) => WriteAsync(what.Model, what.ToJson(source), cancellationToken);

    public void Dispose() => producer.Dispose();

    private async ValueTask<GridError?> WriteAsync(string key, byte[] body, CancellationToken cancellationToken)
    {
        var error = await producer.WriteAsync(Encoding.UTF8.GetBytes(key), body, Headers, cancellationToken);
        if (error is not null)
        {
            metrics.Refused(Name);
        }

        return error;
    }
}
