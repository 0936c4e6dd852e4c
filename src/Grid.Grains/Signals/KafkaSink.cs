using System.Text;
using Grid.Monitoring.Signals;
using Grid.Primitives;
using Grid.Streams.Kafka;

namespace Grid.Grains.Signals;

/// <summary>Writes signals to a topic as CloudEvents in structured JSON, keyed by what they are about, so that the states of one signal stay in order.</summary>
internal sealed class KafkaSink(KafkaEventProducer producer, Uri source, MetricsSink metrics) : ISignalSink, IDisposable
{
    private static readonly KeyValuePair<string, byte[]>[] Headers = [new("content-type", Encoding.ASCII.GetBytes("application/cloudevents+json; charset=utf-8"))];

    public string Name => "kafka";

    public async ValueTask<GridError?> SendAsync(Signal signal, CancellationToken cancellationToken)
    {
        var error = await producer.WriteAsync(Encoding.UTF8.GetBytes(signal.DedupeKey), signal.ToJson(source), Headers, cancellationToken);
        if (error is not null)
        {
            metrics.Refused(Name);
        }

        return error;
    }

    public void Dispose() => producer.Dispose();
}
