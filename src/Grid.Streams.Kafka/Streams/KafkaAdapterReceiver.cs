using Grid.Primitives;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace Grid.Streams.Kafka;

/// <summary>Reads a partition for the pulling agent. For the agent's turns alone.</summary>
internal sealed partial class KafkaAdapterReceiver : IQueueAdapterReceiver, IAsyncDisposable
{
    /// <summary>How long an empty read waits for a record: the agent's own period would be added to each record's way otherwise.</summary>
    private static readonly TimeSpan LongPoll = TimeSpan.FromMilliseconds(100);

    private readonly KafkaQueueContext _context;
    private readonly KafkaTopicOptions _topic;
    private readonly int _partition;
    private readonly KafkaQueueCache _cache;
    private readonly KafkaPartitionReader _reader;
    private readonly KafkaReplay _replay;
    private readonly DeliveryGroups _groups;
    private readonly ILogger _logger;
    private readonly Queue<KafkaBatchContainer> _ready = new();
    private KafkaBatch? _held;
    private KafkaPartitionCondition? _told;
    private long _toldOffset = -1;
    private bool _hasToldPartitions;
    private bool _isClosed;

    public KafkaAdapterReceiver(KafkaQueueContext context, KafkaTopicOptions topic, int partition, KafkaQueueCache cache)
    {
        _context = context;
        _topic = topic;
        _partition = partition;
        _cache = cache;
        _reader = new KafkaPartitionReader(context.Clients, topic.Name, partition, context.Options.Reader, context.Instruments, context.Logging);
        _replay = new KafkaReplay(context, topic, partition, cache);
        _groups = new DeliveryGroups(topic.Name, partition, context.Options.MaxDeliveryRecords);
        _logger = context.Logging.CreateLogger<KafkaAdapterReceiver>();
    }

    /// <summary>Returns at once: the reader finds the brokers when they are there.</summary>
    public Task Initialize(TimeSpan timeout)
    {
        _reader.Start(_context.Options.Start);
        _context.Instruments.AddCache(_cache, _topic.Name, _partition, () => _cache.Bytes);
        return Task.CompletedTask;
    }

    [Obsolete("Orleans asks for it; the overload with a token is the one it calls.")]
    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) => GetQueueMessagesAsync(maxCount, CancellationToken.None);

    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken)
    {
        var messages = new List<IBatchContainer>();
        if (_isClosed)
        {
            return messages;
        }

        await _replay.ReadAsync(messages);
        if (_ready.Count == 0 && !_cache.IsFull)
        {
            await ReadAsync(isPatient: messages.Count == 0, cancellationToken);
        }

        while (messages.Count < maxCount && _ready.TryDequeue(out var container))
        {
            messages.Add(container);
        }

        CommitMark();
        return messages;
    }

    [Obsolete("Orleans asks for it; the overload with a token is the one it calls.")]
    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => MessagesDeliveredAsync(messages, CancellationToken.None);

    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages, CancellationToken cancellationToken)
    {
        CommitMark();
        return Task.CompletedTask;
    }

    /// <summary>Commits the progress and gives the partition up.</summary>
    public async Task Shutdown(TimeSpan timeout)
    {
        CommitMark();
        await DisposeAsync();
        LogClosed(_logger, _reader.Name, _cache.Mark);
    }

    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        _cache.Close();
        _context.Instruments.RemoveCache(_cache);
        await _replay.DisposeAsync();
        await _reader.DisposeAsync();
    }

    private void CommitMark()
    {
        if (_cache.Mark >= 0)
        {
            _reader.CommitHint(_cache.Mark);
        }
    }

    private async ValueTask ReadAsync(bool isPatient, CancellationToken cancellationToken)
    {
        var batch = _held;
        if (batch is null && !_reader.TryRead(out batch) && isPatient)
        {
            batch = await WaitAsync(cancellationToken);
        }

        if (batch is null)
        {
            return;
        }

        TellPartitions();
        if (batch.Condition is { } condition)
        {
            Handle(condition);
            return;
        }

        // Kept until its faults are set aside: neither the mark nor the reader goes on before that.
        _held = batch;
        if (await ParseAsync(batch, cancellationToken))
        {
            _held = null;
        }
    }

    private async ValueTask<KafkaBatch?> WaitAsync(CancellationToken cancellationToken)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        wait.CancelAfter(LongPoll);
        try
        {
            return await _reader.ReadAsync(wait.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async ValueTask<bool> ParseAsync(KafkaBatch batch, CancellationToken cancellationToken)
    {
        List<DeadLetter>? faults = null;
        foreach (ref readonly var record in batch.Records.Span)
        {
            if (_context.Codec.Parse(_topic, record, out var parsed) is { } fault)
            {
                (faults ??= []).Add(DeadLetter.Of(_topic.Name, _partition, record, fault));
            }
            else
            {
                _groups.Add(record, parsed);
            }
        }

        var deliveries = _groups.Take();
        if (faults is not null && await SetAsideAsync(faults, cancellationToken) is { } error)
        {
            if (_toldOffset != faults[0].Record.Offset)
            {
                _toldOffset = faults[0].Record.Offset;
                LogHeld(_logger, _reader.Name, _toldOffset, error.ToString());
            }

            return false;
        }

        _cache.Announce(deliveries, batch.Records.Span[0].Offset, batch.Next);
        foreach (var delivery in deliveries)
        {
            _ready.Enqueue(delivery.Container);
        }

        return true;
    }

    private async ValueTask<GridError?> SetAsideAsync(List<DeadLetter> faults, CancellationToken cancellationToken)
    {
        if (_context.DeadLetters is { } producer)
        {
            return await producer.WriteAsync(faults, cancellationToken);
        }

        var first = faults[0];
        return new GridError(GridErrorCode.FailedPrecondition, _reader.Name, $"the record at offset {first.Record.Offset} is no event ({first.Reason}: {first.Text}), and there is no topic for dead letters.", "Configure deadLetters, or move the progress past the record.");
    }

    private void TellPartitions()
    {
        var partitions = _reader.Status.Partitions;
        if (partitions >= 0 && partitions != _topic.Partitions && !_hasToldPartitions)
        {
            _hasToldPartitions = true;
            LogPartitions(_logger, _topic.Name, partitions, _topic.Partitions);
        }
    }

    private void Handle(KafkaPartitionCondition condition)
    {
        if (condition.Kind == KafkaConditionKind.Fatal)
        {
            // The reader makes a new client; it goes on where this one stood.
            _reader.Seek(condition.Requested >= 0 ? KafkaStart.At(condition.Requested) : _context.Options.Start);
        }
        else if (condition.Kind == KafkaConditionKind.OutOfRange && _context.Options.SkipsLostRecords)
        {
            LogSkipped(_logger, _reader.Name, condition.Error.ToString());
            _reader.Seek(KafkaStart.Earliest);
        }
        else if (_told != condition)
        {
            _told = condition;
            LogStopped(_logger, _reader.Name, condition.Error.ToString());
        }
    }

    [LoggerMessage(EventId = 5301, Level = LogLevel.Error, Message = "Topic {Topic} has {Actual} partitions and {Declared} are declared: keys go to other partitions than others expect, and partitions beyond the declared ones are not read. Declare {Actual} on all silos and clients once the streams are drained")]
    private static partial void LogPartitions(ILogger logger, string topic, int actual, int declared);

    [LoggerMessage(EventId = 5302, Level = LogLevel.Error, Message = "Partition {Partition} waits at offset {Offset}: {Error}")]
    private static partial void LogHeld(ILogger logger, string partition, long offset, string error);

    [LoggerMessage(EventId = 5303, Level = LogLevel.Error, Message = "Partition {Partition} has stopped: {Error}")]
    private static partial void LogStopped(ILogger logger, string partition, string error);

    [LoggerMessage(EventId = 5304, Level = LogLevel.Error, Message = "Partition {Partition} goes on at the earliest record, as configured: {Error}")]
    private static partial void LogSkipped(ILogger logger, string partition, string error);

    [LoggerMessage(EventId = 5305, Level = LogLevel.Information, Message = "Partition {Partition} is given up, delivered up to offset {Mark}")]
    private static partial void LogClosed(ILogger logger, string partition, long mark);
}
