using Confluent.Kafka;

namespace Grid.Streams.Kafka;

/// <summary>A producer that is made on first use and answers once all in-sync replicas have a record. Thread-safe.</summary>
/// <param name="owner">Whose it is, for the error of a use after the end.</param>
/// <param name="clients">Where the client comes from.</param>
/// <param name="timeout">How long one attempt may take.</param>
/// <param name="maxBytes">Largest record; null for the client's own bound.</param>
/// <param name="log">Takes the client's messages: facility and text.</param>
internal sealed class LazyProducer(Type owner, IKafkaClientFactory clients, TimeSpan timeout, int? maxBytes, Action<string, string> log) : IDisposable
{
    private readonly Lock _gate = new();
    private IProducer<byte[]?, byte[]?>? _producer;
    private bool _isDisposed;

    /// <exception cref="KafkaException">The record was not acknowledged. A producer that has failed for good is replaced at the next record.</exception>
    /// <exception cref="OperationCanceledException">The record may or may not be written.</exception>
    public async Task ProduceAsync(string topic, Message<byte[]?, byte[]?> record, CancellationToken cancellationToken)
    {
        var producer = Producer();
        try
        {
            await producer.ProduceAsync(topic, record, CancellationToken.None).WaitAsync(cancellationToken);
        }
        catch (KafkaException e) when (e.Error.IsFatal)
        {
            Drop(producer);
            throw;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _producer?.Dispose();
            _producer = null;
        }
    }

    private IProducer<byte[]?, byte[]?> Producer()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, owner);
            return _producer ??= clients.CreateProducer(
                new ProducerConfig { Acks = Acks.All, EnableIdempotence = true, LingerMs = 0, MessageTimeoutMs = (int)timeout.TotalMilliseconds, MessageMaxBytes = maxBytes },
                builder => builder.LogTo(log));
        }
    }

    private void Drop(IProducer<byte[]?, byte[]?> producer)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_producer, producer))
            {
                _producer = null;
            }
        }

        producer.Dispose();
    }
}
