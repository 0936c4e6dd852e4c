using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Grid.Primitives;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Streams.Kafka;

/// <summary>
/// Writes dead letters and says when all in-sync replicas have them. A letter that is not acknowledged is an error for the caller, who must not pass the record: this class never drops one
/// and never answers early. It is idempotent within one attempt; an attempt whose outcome is unknown and that is repeated may leave a letter twice, with equal source headers.
/// Thread-safe; connects on first use.
/// </summary>
public sealed partial class KafkaDeadLetterProducer : IDisposable
{
    private const int RetryMs = 1000;

    private readonly DeadLetterOptions _options;
    private readonly TimeProvider _time;
    private readonly KafkaInstruments? _instruments;
    private readonly ILogger _logger;
    private readonly LazyProducer _producer;

    /// <exception cref="GridException">The options are wrong.</exception>
    public KafkaDeadLetterProducer(IKafkaClientFactory clients, DeadLetterOptions options, KafkaInstruments? instruments = null, TimeProvider? time = null, ILoggerFactory? logging = null)
    {
        var errors = options.Check();
        if (errors.Count > 0)
        {
            throw new GridException(errors);
        }

        _options = options;
        _instruments = instruments;
        _time = time ?? TimeProvider.System;
        _logger = logging?.CreateLogger<KafkaDeadLetterProducer>() ?? (ILogger)NullLogger<KafkaDeadLetterProducer>.Instance;
        _producer = new LazyProducer(typeof(KafkaDeadLetterProducer), clients, options.Timeout, options.MaxMessageBytes, (facility, text) => LogClient(_logger, facility, text));
    }

    /// <summary>The topic that letters go to.</summary>
    public string Topic => _options.Topic;

    /// <summary>Null once the letter is acknowledged; otherwise why it is not: try again later.</summary>
    /// <exception cref="OperationCanceledException">The letter may or may not be written.</exception>
    public async ValueTask<GridError?> WriteAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        try
        {
            await _producer.ProduceAsync(_options.Topic, Message(letter), cancellationToken);
        }
        catch (KafkaException e)
        {
            LogRefused(_logger, letter.Topic, letter.Partition, letter.Record.Offset, _options.Topic, e.Error.Reason);
            return GridError.Unavailable(
                $"dead letters '{_options.Topic}'",
                $"the record at {letter.Topic}#{letter.Partition} offset {letter.Record.Offset} could not be set aside: {e.Error.Code}, {e.Error.Reason}.",
                "Make the topic, give the right to write to it, or wait for the brokers; its partition waits meanwhile.",
                RetryMs);
        }

        _instruments?.DeadLettered(letter.Topic, letter.Partition, letter.Reason);
        LogSetAside(_logger, letter.Topic, letter.Partition, letter.Record.Offset, letter.Reason, letter.Text);
        return null;
    }

    /// <summary>Writes letters in one go, in order. Null once all are acknowledged; otherwise the first error: send all again.</summary>
    public async ValueTask<GridError?> WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        var writes = new Task<GridError?>[letters.Count];
        for (var i = 0; i < writes.Length; i++)
        {
            writes[i] = WriteAsync(letters[i], cancellationToken).AsTask();
        }

        var answers = await Task.WhenAll(writes);
        return Array.Find(answers, static a => a is not null);
    }

    public void Dispose() => _producer.Dispose();

    private Message<byte[]?, byte[]?> Message(DeadLetter letter)
    {
        var record = letter.Record;
        var headers = new Headers();
        foreach (var header in record.Headers)
        {
            headers.Add(header.Name, header.Value);
        }

        Add(DeadLetterHeaders.Topic, letter.Topic);
        Add(DeadLetterHeaders.Partition, letter.Partition.ToString(CultureInfo.InvariantCulture));
        Add(DeadLetterHeaders.Offset, record.Offset.ToString(CultureInfo.InvariantCulture));
        Add(DeadLetterHeaders.Reason, letter.Reason);
        Add(DeadLetterHeaders.Error, letter.Text);
        Add(DeadLetterHeaders.Attempt, letter.Attempt.ToString(CultureInfo.InvariantCulture));
        Add(DeadLetterHeaders.Time, _time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        if (letter.Subscription is not null)
        {
            Add(DeadLetterHeaders.Subscription, letter.Subscription);
        }

        return new Message<byte[]?, byte[]?> { Key = Bytes(record.Key), Value = Bytes(record.Value), Headers = headers };

        void Add(string name, string value) => headers.Add(name, Encoding.UTF8.GetBytes(value));

        static byte[]? Bytes(KafkaBytes bytes) => bytes.IsNull ? null : bytes.Memory.ToArray();
    }

    [LoggerMessage(EventId = 5201, Level = LogLevel.Warning, Message = "The record at {Topic}#{Partition} offset {Offset} is set aside, {Reason}: {Text}")]
    private static partial void LogSetAside(ILogger logger, string topic, int partition, long offset, string reason, string text);

    [LoggerMessage(EventId = 5202, Level = LogLevel.Error, Message = "The record at {Topic}#{Partition} offset {Offset} cannot be set aside in {DeadLetters}, its partition waits: {Error}")]
    private static partial void LogRefused(ILogger logger, string topic, int partition, long offset, string deadLetters, string error);

    [LoggerMessage(EventId = 5203, Level = LogLevel.Debug, Message = "Dead letters: librdkafka {Facility}: {Text}")]
    private static partial void LogClient(ILogger logger, string facility, string text);
}
