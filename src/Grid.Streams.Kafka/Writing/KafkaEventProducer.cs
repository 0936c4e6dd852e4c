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

    private readonly string _topic;
    private readonly ILogger _logger;
    private readonly LazyProducer _producer;

    /// <param name="clients">Where the client comes from.</param>
    /// <param name="topic">The topic; it must exist or be made by the brokers on first use.</param>
    /// <param name="timeout">How long one attempt may take. Default 30 s.</param>
    /// <param name="logging">Where the client's own messages go.</param>
    public KafkaEventProducer(IKafkaClientFactory clients, string topic, TimeSpan? timeout = null, ILoggerFactory? logging = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(topic);
        _topic = topic;
        _logger = logging?.CreateLogger<KafkaEventProducer>() ?? (ILogger)NullLogger<KafkaEventProducer>.Instance;
        _producer = new LazyProducer(typeof(KafkaEventProducer), clients, timeout ?? TimeSpan.FromSeconds(30), maxBytes: null, LogClient);
    }

    /// <summary>Null once the record is acknowledged; otherwise why it is not: try again later.</summary>
    /// <exception cref="OperationCanceledException">The record may or may not be written.</exception>
    public async ValueTask<GridError?> WriteAsync(byte[]? key, byte[] value, IReadOnlyList<KeyValuePair<string, byte[]>> headers, CancellationToken cancellationToken)
    {
        try
        {
            var record = new Message<byte[]?, byte[]?> { Key = key, Value = value, Headers = [] };
            foreach (var header in headers)
            {
                record.Headers.Add(header.Key, header.Value);
            }

            await _producer.ProduceAsync(_topic, record, cancellationToken);
            return null;
        }
        catch (KafkaException e)
        {
            return GridError.Unavailable(
                $"topic '{_topic}'",
                $"did not take a record: {e.Error.Code}, {e.Error.Reason}.",
                "Make the topic, give the right to write to it, or wait for the brokers.",
                RetryMs);
        }
    }

    public void Dispose() => _producer.Dispose();

    [LoggerMessage(EventId = 5301, Level = LogLevel.Debug, Message = "Events: librdkafka {Facility}: {Text}")]
    private partial void LogClient(string facility, string text);
}
