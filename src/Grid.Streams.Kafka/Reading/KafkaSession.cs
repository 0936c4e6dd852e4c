using Confluent.Kafka;
using Grid.Primitives;
using Microsoft.Extensions.Logging;

namespace Grid.Streams.Kafka;

/// <summary>One consumer of one partition, for the reader's thread alone.</summary>
internal sealed partial class KafkaSession : IDisposable
{
    private readonly IKafkaClientFactory _clients;
    private readonly TopicPartition _partition;
    private readonly KafkaReaderOptions _options;
    private readonly ILogger _logger;
    private readonly RecordSlab _slab = new();
    private IConsumer<KafkaBytes, KafkaBytes>? _consumer;
    private IAdminClient? _admin;
    private Error? _error;
    private Error? _report;
    private bool _isDead;

    public KafkaSession(IKafkaClientFactory clients, string topic, int partition, KafkaReaderOptions options, ILogger logger)
    {
        _clients = clients;
        _partition = new TopicPartition(topic, partition);
        _options = options;
        _logger = logger;
    }

    /// <summary>The offset that will be fetched next; -1 before a position is known.</summary>
    public long Next { get; private set; } = -1;

    public long LowWatermark { get; private set; } = -1;

    public long HighWatermark { get; private set; } = -1;

    /// <summary>Partitions of the topic as the broker said last; -1 before.</summary>
    public int Partitions { get; private set; } = -1;

    private string Name => $"{_partition.Topic}#{_partition.Partition.Value}";

    /// <summary>Makes the consumer where there is none (a fatal one is replaced), asks for the range and goes to the start. Returns why it cannot, where only the caller can help.</summary>
    /// <exception cref="KafkaException">The brokers are away or do not know the partition; to be tried again.</exception>
    /// <exception cref="GridException">The settings are refused.</exception>
    public KafkaPartitionCondition? Position(KafkaStart start)
    {
        var consumer = Open();
        AskPartitions();
        AskWatermarks();
        var offset = Resolve(consumer, start);
        Next = offset;
        if (offset < LowWatermark || offset > HighWatermark)
        {
            return OutOfRange(offset);
        }

        // The earliest is asked for by name: deletion may overtake the number.
        consumer.Assign(new TopicPartitionOffset(_partition, start.Kind == KafkaStartKind.Earliest ? Offset.Beginning : new Offset(offset)));
        return null;
    }

    public KafkaPartitionCondition OutOfRange(long requested) => new(
        KafkaConditionKind.OutOfRange,
        new GridError(
            GridErrorCode.FailedPrecondition,
            Name,
            requested > HighWatermark
                ? $"offset {requested} is above the broker's end {HighWatermark} (it keeps {LowWatermark} to {HighWatermark}): the topic was probably made anew."
                : $"offset {requested} is below the first that the broker keeps, {LowWatermark}: {LowWatermark - requested} offsets are gone.",
            "Decide where to go on: give the topic a new identity, or seek to the earliest offset and accept the gap."),
        requested,
        LowWatermark,
        HighWatermark);

    /// <summary>Takes up to the given records and bytes; waits only for the first. An error that came up is there for <see cref="TakeError"/>.</summary>
    public int Drain(Span<KafkaRecord> into, long maxBytes, int waitMs, out long bytes)
    {
        bytes = 0;
        var count = 0;
        try
        {
            while (count < into.Length && bytes < maxBytes)
            {
                var result = _consumer!.Consume(count == 0 ? waitMs : 0);
                if (result is null)
                {
                    break;
                }

                if (result.IsPartitionEOF)
                {
                    // Offsets up to here may belong to no record (marks of transactions).
                    Next = Math.Max(Next, result.Offset.Value);
                    continue;
                }

                into[count] = ToRecord(result);
                bytes += into[count].Bytes;
                Next = result.Offset.Value + 1;
                count++;
            }
        }
        catch (ConsumeException e)
        {
            _error = e.Error;
        }

        if (_consumer!.GetWatermarkOffsets(_partition) is { } known)
        {
            HighWatermark = known.High.Value >= 0 ? Math.Max(known.High.Value, HighWatermark) : HighWatermark;
        }

        HighWatermark = Math.Max(HighWatermark, Next);
        return count;
    }

    /// <summary>Lets callbacks run while nothing is assigned.</summary>
    public void Serve(int waitMs)
    {
        try
        {
            _consumer?.Consume(waitMs);
        }
        catch (ConsumeException e)
        {
            _error = e.Error;
        }
    }

    /// <param name="isReport">True for what librdkafka says in passing (a broker that is away, for example): reading may be untouched by it.</param>
    public Error? TakeError(out bool isReport)
    {
        var error = _error ?? _report;
        isReport = _error is null;
        _error = null;
        _report = null;
        return error;
    }

    public void SetPaused(bool isPaused)
    {
        if (isPaused)
        {
            _consumer!.Pause([_partition]);
        }
        else
        {
            _consumer!.Resume([_partition]);
        }
    }

    public bool TryAskWatermarks()
    {
        try
        {
            AskWatermarks();
            return true;
        }
        catch (KafkaException)
        {
            return false;
        }
    }

    /// <summary>Leaves the offset to librdkafka, which commits it in the background.</summary>
    public void StoreHint(long next)
    {
        try
        {
            _consumer!.StoreOffset(new TopicPartitionOffset(_partition, next));
        }
        catch (KafkaException e)
        {
            LogHintFailed(_logger, Name, e.Error.Reason);
        }
    }

    public GridError? Commit(long next)
    {
        if (_consumer is null)
        {
            return null;
        }

        try
        {
            _consumer.Commit([new TopicPartitionOffset(_partition, next)]);
            return null;
        }
        catch (KafkaException e)
        {
            return KafkaErrors.Transient(Name, e.Error);
        }
    }

    public void Dispose()
    {
        // The admin client borrows the consumer's handle.
        _admin?.Dispose();
        _admin = null;
        if (_consumer is null)
        {
            return;
        }

        // Close() would commit and leave a group that was never joined; both have been done or are not wanted.
        _consumer.Dispose();
        _consumer = null;
    }

    private IConsumer<KafkaBytes, KafkaBytes> Open()
    {
        if (_isDead)
        {
            Dispose();
            _isDead = false;
        }

        if (_consumer is not null)
        {
            return _consumer;
        }

        var settings = new ConsumerConfig
        {
            GroupId = _options.GroupId,
            AutoOffsetReset = AutoOffsetReset.Error,
            EnableAutoOffsetStore = false,
            EnableAutoCommit = _options.CommitsHints,
            AutoCommitIntervalMs = (int)_options.CommitInterval.TotalMilliseconds,
            EnablePartitionEof = true,
            IsolationLevel = _options.ReadCommitted ? IsolationLevel.ReadCommitted : IsolationLevel.ReadUncommitted,
            QueuedMaxMessagesKbytes = _options.FetchQueueKbytes,
            AllowAutoCreateTopics = false,
            ConsumeResultFields = "headers,timestamp",
        };
        _consumer = _clients.CreateConsumer<KafkaBytes, KafkaBytes>(settings, builder => builder
            .SetKeyDeserializer(_slab)
            .SetValueDeserializer(_slab)
            .SetErrorHandler((_, error) => Reported(error))
            .SetOffsetsCommittedHandler((_, committed) => Committed(committed))
            .SetLogHandler((_, message) => LogClient(_logger, Name, message.Facility, message.Message)));
        _admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
        return _consumer;
    }

    private void Reported(Error error)
    {
        if (error.IsFatal)
        {
            _isDead = true;
            _error = error;
        }
        else
        {
            _report = error;
        }
    }

    private void AskPartitions()
    {
        var metadata = _admin!.GetMetadata(_partition.Topic, _options.RequestTimeout);
        var topic = metadata.Topics.Find(t => t.Topic == _partition.Topic);
        if (topic is null || topic.Error.IsError)
        {
            throw new KafkaException(topic?.Error ?? new Error(ErrorCode.UnknownTopicOrPart));
        }

        Partitions = topic.Partitions.Count;
        if (_partition.Partition.Value >= Partitions)
        {
            throw new KafkaException(new Error(ErrorCode.Local_UnknownPartition, $"topic '{_partition.Topic}' has {Partitions} partitions"));
        }
    }

    private void AskWatermarks()
    {
        var range = _consumer!.QueryWatermarkOffsets(_partition, _options.RequestTimeout);
        LowWatermark = range.Low.Value;
        HighWatermark = range.High.Value;
    }

    private long Resolve(IConsumer<KafkaBytes, KafkaBytes> consumer, KafkaStart start)
    {
        switch (start.Kind)
        {
            case KafkaStartKind.Earliest:
                return LowWatermark;
            case KafkaStartKind.Latest:
                return HighWatermark;
            case KafkaStartKind.Offset:
                return start.Offset;
            default:
                var committed = consumer.Committed([_partition], _options.RequestTimeout)[0];
                return committed.Offset.Value >= 0 ? committed.Offset.Value : start.OrEarliest ? LowWatermark : HighWatermark;
        }
    }

    private void Committed(CommittedOffsets committed)
    {
        if (committed.Error.IsError && committed.Error.Code != ErrorCode.Local_NoOffset)
        {
            LogHintFailed(_logger, Name, committed.Error.Reason);
        }
    }

    private static KafkaRecord ToRecord(ConsumeResult<KafkaBytes, KafkaBytes> result)
    {
        var message = result.Message;
        KafkaHeader[]? headers = null;
        if (message.Headers is { Count: > 0 } list)
        {
            headers = new KafkaHeader[list.Count];
            for (var i = 0; i < headers.Length; i++)
            {
                headers[i] = new KafkaHeader(list[i].Key, list[i].GetValueBytes());
            }
        }

        var timestamp = message.Timestamp;
        var kind = (KafkaTimestampKind)timestamp.Type;
        return new KafkaRecord(result.Offset.Value, message.Key, message.Value, kind == KafkaTimestampKind.None ? -1 : timestamp.UnixTimestampMs, kind, headers);
    }

    [LoggerMessage(EventId = 5111, Level = LogLevel.Debug, Message = "Partition {Partition}: librdkafka {Facility}: {Text}")]
    private static partial void LogClient(ILogger logger, string partition, string facility, string text);

    [LoggerMessage(EventId = 5112, Level = LogLevel.Warning, Message = "Partition {Partition}: the progress was not committed and will be with the next: {Error}")]
    private static partial void LogHintFailed(ILogger logger, string partition, string error);
}
