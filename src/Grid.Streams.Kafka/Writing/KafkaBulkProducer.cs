using Confluent.Kafka;
using Grid.Primitives;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Streams.Kafka;

/// <summary>
/// Writes many records to one topic without waiting for any: they go out in batches, in the order in which they were given, each once unless its answer says that it did
/// not. Keys go to the partitions that Java's clients choose for them. Brokers that are away cost no more than the records' own time. One caller at a time.
/// </summary>
public sealed partial class KafkaBulkProducer : IDisposable
{
    /// <summary>What comes within this goes out together: a record for each prediction alone would cost more than the predictions.</summary>
    private const int LingerMs = 20;

    private readonly IKafkaClientFactory _clients;
    private readonly string _topic;
    private readonly Headers _headers;
    private readonly TimeSpan _timeout;
    private readonly ILogger _logger;
    private IProducer<byte[]?, byte[]?> _producer;

    /// <summary>Set by the client's thread. A producer that has failed for good takes no further record.</summary>
    private volatile bool _hasFailed;

    /// <param name="clients">Where the client comes from.</param>
    /// <param name="topic">The topic; it must exist or be made by the brokers on first use.</param>
    /// <param name="headers">Those of each record.</param>
    /// <param name="timeout">How long a record may wait for the brokers before it is given up.</param>
    /// <param name="logging">Where the client's own messages go.</param>
    /// <exception cref="GridException">librdkafka does not take the settings. It connects in the background.</exception>
    public KafkaBulkProducer(IKafkaClientFactory clients, string topic, IReadOnlyList<KeyValuePair<string, byte[]>> headers, TimeSpan timeout, ILoggerFactory? logging = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(topic);
        _clients = clients;
        _topic = topic;
        _headers = [];
        foreach (var header in headers)
        {
            _headers.Add(header.Key, header.Value);
        }

        _timeout = timeout;
        _logger = logging?.CreateLogger<KafkaBulkProducer>() ?? (ILogger)NullLogger<KafkaBulkProducer>.Instance;
        _producer = Create();
    }

    /// <summary>Hands a record over. What is not answered yet is bounded by the caller: the client takes as much as it is given.</summary>
    /// <param name="key">Records of one key stay in order.</param>
    /// <param name="value">The record.</param>
    /// <param name="answered">Called once, on the client's thread: null once all in-sync replicas have the record, otherwise why it is given up. Must neither wait nor throw.</param>
    /// <returns>Null where the client has taken it; otherwise why not, and <paramref name="answered"/> is never called.</returns>
    public GridError? TryWrite(byte[] key, byte[] value, Action<GridError?> answered)
    {
        if (_hasFailed)
        {
            Renew();
        }

        try
        {
            _producer.Produce(_topic, new Message<byte[]?, byte[]?> { Key = key, Value = value, Headers = _headers }, report =>
            {
                _hasFailed |= report.Error.IsFatal;
                answered(report.Error.IsError ? NotTaken(report.Error) : null);
            });
            return null;
        }
        catch (KafkaException e)
        {
            _hasFailed |= e.Error.IsFatal;
            return NotTaken(e.Error);
        }
    }

    /// <summary>Waits until every record is answered, but no longer than this.</summary>
    /// <returns>Whether every record is answered.</returns>
    public bool Flush(TimeSpan timeout) => _producer.Flush(timeout) == 0;

    /// <summary>Ends it. Records that are not answered yet never are, and may or may not be written.</summary>
    public void Dispose() => _producer.Dispose();

    private GridError NotTaken(Error error) => GridError.Unavailable(
        $"topic '{_topic}'",
        $"did not take a record: {error.Code}, {error.Reason}.",
        "Make the topic, give the right to write to it, or wait for the brokers.",
        retryAfterMs: 1000);

    private void Renew()
    {
        // Each record is answered within its own time, so this ends; it happens where brokers lost what they knew of the producer.
        _producer.Flush(_timeout);
        _producer.Dispose();
        _hasFailed = false;
        _producer = Create();
    }

    private IProducer<byte[]?, byte[]?> Create() => _clients.CreateProducer(
        new ProducerConfig
        {
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = LingerMs,
            MessageTimeoutMs = (int)_timeout.TotalMilliseconds,
            Partitioner = Partitioner.Murmur2Random,

            // The caller's bound is the only one.
            QueueBufferingMaxMessages = 0,
            QueueBufferingMaxKbytes = int.MaxValue,

            // Of an answer only its error is read.
            DeliveryReportFields = "none",
        },
        builder => builder.LogTo(LogClient));

    [LoggerMessage(EventId = 5306, Level = LogLevel.Debug, Message = "Bulk: librdkafka {Facility}: {Text}")]
    private partial void LogClient(string facility, string text);
}
