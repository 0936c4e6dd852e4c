using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Streams;

namespace Grid.Streams.Kafka;

/// <summary>Reads older records again for one subscription at a time, with a reader of its own, so that the partition's other streams go on. For the agent's turns alone.</summary>
internal sealed partial class KafkaReplay : IAsyncDisposable
{
    private readonly KafkaQueueContext _context;
    private readonly KafkaTopicOptions _topic;
    private readonly int _partition;
    private readonly KafkaQueueCache _cache;
    private readonly DeliveryGroups _groups;
    private readonly ILogger _logger;
    private ReplayRequest? _request;
    private KafkaPartitionReader? _reader;

    public KafkaReplay(KafkaQueueContext context, KafkaTopicOptions topic, int partition, KafkaQueueCache cache)
    {
        _context = context;
        _topic = topic;
        _partition = partition;
        _cache = cache;
        _groups = new DeliveryGroups(topic.Name, partition, context.Options.MaxDeliveryRecords, isReplay: true);
        _logger = context.Logging.CreateLogger<KafkaReplay>();
    }

    /// <summary>Adds what is there of the replay under way, without waiting.</summary>
    public async ValueTask ReadAsync(List<IBatchContainer> into)
    {
        if (_request is null)
        {
            if (!_cache.TryNextReplay(out _request))
            {
                return;
            }

            _cache.SetReplaying(true);
            LogBegun(_logger, _request.StreamId, _topic.Name, _partition, _request.From, _request.To);
            _reader = new KafkaPartitionReader(_context.Clients, _topic.Name, _partition, Options(), null, _context.Logging);
            _reader.Start(KafkaStart.At(_request.From));
        }

        while (_request is not null && _cache.HasRoomForReplay && _reader!.TryRead(out var batch))
        {
            if (batch.Condition is { } condition)
            {
                Recover(condition);
                continue;
            }

            Take(batch, into);
            if (batch.Next >= _request.To)
            {
                await EndAsync(into);
            }
        }

        if (_request is { Cursor.IsDisposed: true })
        {
            await EndAsync(into);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_reader is not null)
        {
            await _reader.DisposeAsync();
        }
    }

    private KafkaReaderOptions Options() => new()
    {
        GroupId = _context.Options.Reader.GroupId,
        CommitsHints = false,
        ReadCommitted = _context.Options.Reader.ReadCommitted,
        MinBackoff = _context.Options.Reader.MinBackoff,
        MaxBackoff = _context.Options.Reader.MaxBackoff,
        RequestTimeout = _context.Options.Reader.RequestTimeout,
        CloseTimeout = _context.Options.Reader.CloseTimeout,
        MaxBatchRecords = _context.Options.MaxDeliveryRecords,
        MaxBufferedRecords = Math.Max(1000, _context.Options.MaxDeliveryRecords),
    };

    private void Take(KafkaBatch batch, List<IBatchContainer> into)
    {
        foreach (ref readonly var record in batch.Records.Span)
        {
            // Records that are no events were set aside when they passed for the first time.
            if (record.Offset < _request!.To && _context.Codec.Parse(_topic, record, out var parsed) is null && _groups.StreamOf(parsed.Key) == _request.StreamId)
            {
                _groups.Add(record, parsed);
            }
        }

        foreach (var delivery in _groups.Take())
        {
            _cache.AnnounceReplay(delivery);
            into.Add(delivery.Container);
        }
    }

    private void Recover(KafkaPartitionCondition condition)
    {
        LogGone(_logger, _request!.StreamId, condition.Error.ToString());
        _reader!.Seek(KafkaStart.Earliest);
    }

    private async ValueTask EndAsync(List<IBatchContainer> into)
    {
        var request = _request!;
        _request = null;
        _cache.SetReplaying(false);
        request.Cursor.ReplaysTo = 0;

        // Wakes the subscription, which may have found nothing to take so far.
        into.Add(new KafkaBatchContainer(request.StreamId, new KafkaSequenceToken(_partition, request.To), [], [], [], 0, null));
        var reader = _reader!;
        _reader = null;
        await reader.DisposeAsync();
    }

    [LoggerMessage(EventId = 5321, Level = LogLevel.Information, Message = "Stream {Stream}: {Topic}#{Partition} is read again from offset {From} to {To}")]
    private static partial void LogBegun(ILogger logger, StreamId stream, string topic, int partition, long from, long to);

    [LoggerMessage(EventId = 5322, Level = LogLevel.Warning, Message = "Stream {Stream}: not all that was asked for is there any more, going on at the first record that is: {Error}")]
    private static partial void LogGone(ILogger logger, StreamId stream, string error);
}
