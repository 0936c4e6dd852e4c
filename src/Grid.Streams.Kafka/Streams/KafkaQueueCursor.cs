using System.Diagnostics;
using Orleans.Streams;

namespace Grid.Streams.Kafka;

/// <summary>
/// One subscription's place in a partition's cache. The agent moves it on only when it is done with what it got, so moving on is what acknowledges; a failure is retried, then tried record by record,
/// then handed to the failure handler, and only then passed. For the agent's turns alone.
/// </summary>
internal sealed class KafkaQueueCursor : IQueueCacheCursor
{
    /// <summary>The agent measures the time of a delivery with another clock.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMilliseconds(100);

    private readonly KafkaQueueCache _cache;
    private readonly StreamWindow _window;
    private KafkaBatchContainer? _marker;
    private (long Offset, int Index) _from = (-1, 0);
    private CachedDelivery? _delivery;
    private KafkaBatchContainer? _current;
    private bool _isServedAgain;
    private bool _isTried;
    private int _single = -1;
    private int _attempt;
    private long _since;

    public KafkaQueueCursor(KafkaQueueCache cache, StreamWindow window, long position)
    {
        _cache = cache;
        _window = window;
        Position = position;
        window.Cursors.Add(this);
    }

    /// <summary>Everything of the stream up to here is delivered or set aside.</summary>
    public long Position { get; private set; }

    /// <summary>While older records are read again: the offset before which nothing else may be served; otherwise 0.</summary>
    public long ReplaysTo { get; set; }

    public bool IsDisposed { get; private set; }

    /// <summary>Begins with an empty container of that token, which the runtime takes for what the consumer has had, and then goes on at an event.</summary>
    public void BeginAfterMarker(KafkaBatchContainer marker, long offset, int index)
    {
        _marker = marker;
        _from = (offset, index);
    }

    public IBatchContainer? GetCurrent(out Exception? exception)
    {
        exception = null;
        return _current;
    }

    public bool MoveNext()
    {
        if (_current is not null && !_isServedAgain)
        {
            Complete();
        }

        _isServedAgain = false;
        if (_marker is not null)
        {
            (_current, _marker) = (_marker, null);
            return true;
        }

        _delivery ??= Next();
        if (_delivery is null)
        {
            _current = null;
            return false;
        }

        _current = _single >= 0 ? _delivery.Container.One(_single) : _delivery.Container.From(_from.Offset, _from.Index);
        _since = Stopwatch.GetTimestamp();
        _attempt++;
        return true;
    }

    public void Refresh(StreamSequenceToken token)
    {
        // What is new is found by position.
    }

    public void RecordDeliveryFailure()
    {
        if (_delivery is null || _current is null)
        {
            return;
        }

        if (_cache.MaxDeliveryTime > TimeSpan.Zero && Stopwatch.GetElapsedTime(_since) + ClockTolerance < _cache.MaxDeliveryTime)
        {
            // Given up before its time: the agent is closing, or the client has gone. Nobody has judged the records.
            _isServedAgain = true;
        }
        else if (_current.Offsets.Length > 1)
        {
            // One record is to blame, or the consumer as a whole: find out one by one, from the first that this subscription wants.
            _single = Array.IndexOf(_delivery.Container.Offsets, _current.Offsets[0]);
            _isServedAgain = true;
            _isTried = true;
        }
        else if (_cache.HasDeadLetters)
        {
            var record = Array.Find(_delivery.Records, r => r.Offset == _current.Offsets[0]);
            _cache.Fail(_current, record, _attempt);
        }
        else
        {
            _isServedAgain = true;
        }
    }

    public void Dispose()
    {
        IsDisposed = true;
        _window.Cursors.Remove(this);
        _current = null;
        _delivery = null;
    }

    private void Complete()
    {
        if (_delivery is null)
        {
            _current = null; // It was the marker.
            return;
        }

        if (_single >= 0 && _single + 1 < _delivery.Container.Offsets.Length)
        {
            Position = _delivery.Container.Offsets[_single];
            _single++;
            _attempt = _isTried ? 1 : 0;
            return;
        }

        Position = _delivery.Last;
        _delivery = null;
        _current = null;
        _single = -1;
        _attempt = 0;
        _isTried = false;
        _from = (-1, 0);
    }

    private CachedDelivery? Next()
    {
        var next = _window.After(Position);
        return next is not null && ReplaysTo > 0 && next.First >= ReplaysTo ? null : next;
    }
}
