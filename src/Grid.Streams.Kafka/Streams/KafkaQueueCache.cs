using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime;
using Orleans.Streams;

namespace Grid.Streams.Kafka;

/// <summary>
/// What a partition holds for its consumers. A record is acknowledged when every subscription of its stream has had it, not when it happens to leave; the mark is the first offset that is not.
/// For the agent's turns alone, but for <see cref="Bytes"/>.
/// </summary>
internal sealed class KafkaQueueCache : IQueueCache
{
    private readonly KafkaStreamOptions _options;
    private readonly int _partition;
    private readonly Dictionary<StreamId, StreamWindow> _windows = [];
    private readonly List<CachedDelivery> _deliveries = [];
    private readonly Dictionary<KafkaBatchContainer, CachedDelivery> _announced = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(StreamId Stream, StreamSequenceToken Token), FailedDelivery> _failures = [];
    private readonly Queue<ReplayRequest> _replays = new();
    private long _start = -1;
    private long _readTo = -1;
    private long _evictedThrough = -1;
    private int _records;
    private int _replayed;
    private long _bytes;
    private bool _isReplaying;

    public KafkaQueueCache(KafkaStreamOptions options, int partition, TimeSpan maxDeliveryTime)
    {
        _options = options;
        _partition = partition;
        MaxDeliveryTime = maxDeliveryTime;
    }

    /// <summary>How long the agent retries a delivery; 0 or less: for ever.</summary>
    public TimeSpan MaxDeliveryTime { get; }

    public bool HasDeadLetters => _options.DeadLetters is not null;

    /// <summary>Whether the silo has given the partition up.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Keys, values and headers of the records held.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Everything below is delivered or set aside; -1 before anything was read.</summary>
    public long Mark { get; private set; } = -1;

    /// <summary>Whether nothing more should be read for those that keep up.</summary>
    public bool IsFull => _records >= _options.MaxCachedRecords || _bytes >= _options.MaxCachedBytes;

    /// <summary>Replayed records still to be taken; replays are as small as the cache allows.</summary>
    public bool HasRoomForReplay => _replayed < _options.MaxDeliveryRecords * 2;

    /// <summary>Takes over what was read, before the agent knows of it: from here on the mark waits for it.</summary>
    public void Announce(IReadOnlyList<CachedDelivery> deliveries, long first, long next)
    {
        if (_start < 0)
        {
            _start = first;
        }

        foreach (var delivery in deliveries)
        {
            Hold(delivery);
        }

        _readTo = Math.Max(_readTo, next);
        SetMark();
    }

    /// <summary>Takes over records that are read again.</summary>
    public void AnnounceReplay(CachedDelivery delivery) => Hold(delivery);

    public bool TryNextReplay([MaybeNullWhen(false)] out ReplayRequest request)
    {
        while (_replays.TryDequeue(out request))
        {
            if (!request.Cursor.IsDisposed)
            {
                return true;
            }
        }

        return false;
    }

    public void AddToCache(IList<IBatchContainer> messages)
    {
        foreach (var message in messages)
        {
            if (message is KafkaBatchContainer container && _announced.Remove(container, out var delivery))
            {
                Window(container.StreamId).Insert(delivery);
            }
        }
    }

    public bool TryPurgeFromCache([MaybeNullWhen(false)] out IList<IBatchContainer> purgedItems)
    {
        // By now the agent has made a cursor for each stream that has subscriptions: one without has none.
        purgedItems = Acknowledge(passesUnwanted: true);
        return purgedItems is not null;
    }

    public void UpdateDeliveryProgress(StreamSequenceToken? earliestSubscriptionToken, DateTime utcNow) =>
        // Called at the very end, when the last read may not have been shown to the streams.
        Acknowledge(passesUnwanted: false);

    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken? token)
    {
        var window = Window(streamId);
        if (token is null)
        {
            return new KafkaQueueCursor(this, window, -1);
        }

        if (token.EventIndex == KafkaSequenceToken.End)
        {
            if (window.Deliveries.Exists(d => d.Last == token.SequenceNumber))
            {
                return new KafkaQueueCursor(this, window, token.SequenceNumber - 1);
            }

            // The runtime compares the first container's token with what the consumer has had: give it one to compare.
            var passed = new KafkaQueueCursor(this, window, token.SequenceNumber);
            passed.BeginAfterMarker(Marker(streamId, token), -1, 0);
            return passed;
        }

        return Rewound(streamId, window, token);
    }

    /// <summary>One at least: the agent stops asking, and with that acknowledging, at none. Pressure is told by <see cref="IsUnderPressure"/>.</summary>
    public int GetMaxAddCount() => Math.Max(1, _options.MaxCachedRecords - _records);

    /// <summary>Not while the agent has still to fetch what was read: that is held already, and only what it knows of can be delivered and make room.</summary>
    public bool IsUnderPressure() => IsFull && _announced.Count == 0 && !(_replays.Count > 0 || _replayed > 0 || _isReplaying);

    /// <summary>Whether a replay is under way: those who wait for it must not be kept from it by a full cache.</summary>
    public void SetReplaying(bool isReplaying) => _isReplaying = isReplaying;

    /// <summary>Ends what waits for the partition.</summary>
    public void Close() => IsClosed = true;

    public void Fail(KafkaBatchContainer container, KafkaRecord record, int attempt) =>
        _failures[(container.StreamId, container.Token)] = new FailedDelivery(record, attempt);

    /// <summary>The record that the agent has given up on, where it is one; null where it will be tried again.</summary>
    public FailedDelivery? TakeFailure(StreamId streamId, StreamSequenceToken token) =>
        _failures.Remove((streamId, token), out var failure) ? failure : null;

    private KafkaQueueCursor Rewound(StreamId streamId, StreamWindow window, StreamSequenceToken token)
    {
        var offset = token.SequenceNumber;
        var cursor = new KafkaQueueCursor(this, window, offset - 1);
        cursor.BeginAfterMarker(Marker(streamId, token), offset, token.EventIndex);
        var cachedFrom = window.Deliveries.Find(static d => !d.IsReplay)?.First ?? _readTo;
        if (offset < cachedFrom && (offset < _start || offset <= window.EvictedThrough))
        {
            cursor.ReplaysTo = cachedFrom;
            _replays.Enqueue(new ReplayRequest(streamId, cursor, offset, cachedFrom));
        }

        return cursor;
    }

    private KafkaBatchContainer Marker(StreamId streamId, StreamSequenceToken token) =>
        new(streamId, token as KafkaSequenceToken ?? new KafkaSequenceToken(_partition, token.SequenceNumber, token.EventIndex), [], [], [], 0, null);

    private StreamWindow Window(StreamId streamId)
    {
        if (!_windows.TryGetValue(streamId, out var window))
        {
            window = new StreamWindow(_evictedThrough);
            _windows.Add(streamId, window);
        }

        return window;
    }

    private List<IBatchContainer>? Acknowledge(bool passesUnwanted)
    {
        List<IBatchContainer>? purged = null;
        _deliveries.RemoveAll(delivery =>
        {
            if (delivery.Window is not { } window || !(window.Cursors.Count > 0 ? window.IsDelivered(delivery) : passesUnwanted))
            {
                return false;
            }

            window.Deliveries.Remove(delivery);
            if (!delivery.IsReplay)
            {
                window.EvictedThrough = Math.Max(window.EvictedThrough, delivery.Last);
                _evictedThrough = Math.Max(_evictedThrough, delivery.Last);
            }

            Count(delivery, -1);
            (purged ??= []).Add(delivery.Container);
            return true;
        });
        if (purged is not null)
        {
            SetMark();
        }

        if (passesUnwanted && _windows.Count > _options.MaxCachedRecords)
        {
            foreach (var (streamId, _) in _windows.Where(static w => w.Value.IsUseless).ToList())
            {
                _windows.Remove(streamId);
            }
        }

        return purged;
    }

    private void Hold(CachedDelivery delivery)
    {
        _deliveries.Add(delivery);
        _announced.Add(delivery.Container, delivery);
        Count(delivery, 1);
    }

    private void Count(CachedDelivery delivery, int sign)
    {
        _records += sign * delivery.Records.Length;
        _replayed += delivery.IsReplay ? sign * delivery.Records.Length : 0;
        Volatile.Write(ref _bytes, _bytes + (sign * delivery.Bytes));
    }

    private void SetMark() => Mark = _deliveries.Find(static d => !d.IsReplay)?.First ?? _readTo;
}
