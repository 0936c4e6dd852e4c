using Confluent.Kafka;
using Grid.Primitives;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Streams.Kafka;

/// <summary>
/// Writes records to one topic and says when all in-sync replicas have them. Idempotent within one attempt; one whose outcome is unknown and that is repeated may leave
/// a record twice. Thread-safe; connects on first use.
/// </summary>
public sealed partial class KafkaEventProducer : IDisposable
{
    private const int RetryMs = 1000;

    private readonly IKafkaClientFactory _clients;
    private readonly string _topic;
    private readonly TimeSpan _timeout;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private IProducer<byte[]?, byte[]?>? _producer;
    private bool _isDisposed;

    /// <param name="clients">Where the client comes from.</param>
    /// <param name="topic">The topic; it must exist or be made by the brokers on first use.</param>
    /// <param name="timeout">How long one attempt may take. Default 30 s.</param>
    /// <param name="logging">Where the client's own messages go.</param>
    public KafkaEventProducer(IKafkaClientFactory clients, string topic, TimeSpan? timeout = null, ILoggerFactory? logging = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(topic);
        _clients = clients;
        _topic = topic;
        _timeout = timeout ?? TimeSpan.FromSeconds(30);
        _logger = logging?.CreateLogger<KafkaEventProducer>() ?? (ILogger)NullLogger<KafkaEventProducer>.Instance;
    }

    /// <summary>Null once the record is acknowledged; otherwise why it is not: try again later.</summary>
    /// <exception cref="OperationCanceledException">The record may or may not be written.</exception>
    public async ValueTask<GridError?> WriteAsync(byte[]? key, byte[] value, IReadOnlyList<KeyValuePair<string, byte[]>> headers, CancellationToken cancellationToken)
    {
        IProducer<byte[]?, byte[]?>? producer = null;
        try
        {
            producer = Producer();
            var record = new Message<byte[]?, byte[]?> { Key = key, Value = value, Headers = [] };
            foreach (var header in headers)
            {
                record.Headers.Add(header.Key, header.Value);
            }

            await producer.ProduceAsync(_topic, record, CancellationToken.None).WaitAsync(cancellationToken);
            return null;
        }
        catch (KafkaException e)
        {
            if (e.Error.IsFatal)
            {
                Drop(producer);
            }

            return GridError.Unavailable(
                $"topic '{_topic}'",
                $"did not take a record: {e.Error.Code}, {e.Error.Reason}.",
                "Make the topic, give the right to write to it, or wait for the brokers.",
                RetryMs);
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
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _producer ??= _clients.CreateProducer(
                new ProducerConfig { Acks = Acks.All, EnableIdempotence = true, LingerMs = 0, MessageTimeoutMs = (int)_timeout.TotalMilliseconds },
                builder => builder.SetLogHandler((_, message) => LogClient(message.Facility, message.Message)).SetErrorHandler((_, error) => LogClient("error", error.Reason)));
        }
    }

    /// <summary>A producer that has failed for good is replaced at the next record.</summary>
    private void Drop(IProducer<byte[]?, byte[]?>? producer)
    {
        lock (_gate)
        {
            if (producer is not null && ReferenceEquals(_producer, producer))
            {
                _producer = null;
            }
        }

        producer?.Dispose();
    }

    [LoggerMessage(EventId = 5301, Level = LogLevel.Debug, Message = "Events: librdkafka {Facility}: {Text}")]
    private partial void LogClient(string facility, string text);
}
