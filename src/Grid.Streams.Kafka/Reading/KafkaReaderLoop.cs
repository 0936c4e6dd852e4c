using Confluent.Kafka;
using Grid.Primitives;
using Microsoft.Extensions.Logging;

namespace Grid.Streams.Kafka;

/// <summary>The thread of a partition reader: the only one that touches its consumer.</summary>
internal sealed partial class KafkaReaderLoop : IAsyncDisposable
{
    /// <summary>How long one poll waits for a record; also how late a command may be noticed.</summary>
    private const int PollMs = 50;

    /// <summary>A full buffer is usually emptied at once; only after this long is the partition paused, which throws away what librdkafka has fetched ahead.</summary>
    private const int FullMs = 200;

    private readonly KafkaPartitionReader _reader;
    private readonly KafkaReaderOptions _options;
    private readonly KafkaInstruments? _instruments;
    private readonly ILogger _logger;
    private readonly KafkaSession _session;
    private readonly Backoff _backoff;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly KafkaRecord[] _drained;
    private readonly Lock _commands = new();
    private TaskCompletionSource<GridError?>? _flush;
    private KafkaStart? _seek;
    private volatile int _seeks;
    private volatile bool _isStopping;
    private volatile bool _isPausedByCaller;
    private long _hint = -1;
    private bool _isStarted;

    // Of the thread alone.
    private int _seekTried;
    private int _seekDone;
    private long _storedHint = -1;
    private bool _isPausedNatively;
    private bool _isLost;
    private Error? _suspicion;
    private bool _wasReading;

    public KafkaReaderLoop(KafkaPartitionReader reader, IKafkaClientFactory clients, KafkaReaderOptions options, KafkaInstruments? instruments, ILogger logger)
    {
        _reader = reader;
        _options = options;
        _instruments = instruments;
        _logger = logger;
        _session = new KafkaSession(clients, reader.Topic, reader.Partition, options, logger);
        _backoff = new Backoff(options.MinBackoff, options.MaxBackoff);
        _drained = new KafkaRecord[options.MaxBatchRecords];
    }

    public void Start(KafkaStart start)
    {
        lock (_commands)
        {
            if (_isStarted)
            {
                throw new InvalidOperationException($"The reader of {_reader.Name} has been started before.");
            }

            _isStarted = true;
            _seek ??= start;
            _seeks++;
        }

        new Thread(Run) { IsBackground = true, Name = $"kafka {_reader.Name}" }.Start();
    }

    /// <summary>Called under the reader's lock, so that nothing of the old place is published after it.</summary>
    public void RequestSeek(KafkaStart start)
    {
        lock (_commands)
        {
            _seek = start;
            _seeks++;
        }

        Wake();
    }

    public bool IsCurrent(int seek) => seek == _seeks;

    public void SetPaused(bool isPaused)
    {
        _isPausedByCaller = isPaused;
        Wake();
    }

    public void SetHint(long next) => Volatile.Write(ref _hint, next);

    public Task<GridError?> FlushAsync()
    {
        lock (_commands)
        {
            if (!_isStarted || _isStopping)
            {
                return Task.FromResult<GridError?>(null);
            }

            _flush ??= new TaskCompletionSource<GridError?>(TaskCreationOptions.RunContinuationsAsynchronously);
            Wake();
            return _flush.Task;
        }
    }

    /// <summary>Commits the last hint and ends the thread, which frees the consumer: waits for that as long as the options say, and leaves the rest to the background.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_commands)
        {
            _isStopping = true;
            if (!_isStarted)
            {
                return;
            }
        }

        Wake();
        try
        {
            await _ended.Task.WaitAsync(_options.CloseTimeout);
        }
        catch (TimeoutException)
        {
            LogCloseIsSlow(_logger, _reader.Name, _options.CloseTimeout);
        }
    }

    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }

    private void Run()
    {
        while (!_isStopping)
        {
            try
            {
                if (!Turn())
                {
                    _wake.Wait(PollMs);
                }
            }
            catch (GridException e)
            {
                // Only the making of a client throws these: no retry makes the settings right.
                _seekDone = _seekTried;
                Stop(new KafkaPartitionCondition(KafkaConditionKind.Configuration, e.Error));
            }
            catch (KafkaException e)
            {
                Trouble(e.Error);
            }
        }

        Close();
    }

    /// <summary>One round: commands, connection, position, records. False where there is nothing to do until something wakes the thread.</summary>
    private bool Turn()
    {
        Flush();
        if (_seekDone != _seeks)
        {
            return Position();
        }

        if (_reader.Status.Condition is not null)
        {
            return false;
        }

        StoreHint();
        var isFull = _reader.IsFull;
        if (isFull && !_isPausedNatively && !_isPausedByCaller)
        {
            // Polling would bring records that have no place.
            _wake.Wait(FullMs);
            isFull = _reader.IsFull;
        }

        SetNativePause(isFull || _isPausedByCaller);
        if ((_isLost || _suspicion is not null) && _backoff.IsDue)
        {
            Ask();
        }

        return Poll();
    }

    private bool Position()
    {
        if (!_backoff.IsDue)
        {
            _session.Serve(0);
            _wake.Wait(_backoff.Left < TimeSpan.FromMilliseconds(PollMs) ? _backoff.Left : TimeSpan.FromMilliseconds(PollMs));
            return true;
        }

        KafkaStart start;
        lock (_commands)
        {
            start = _seek!.Value;
            _seekTried = _seeks;
        }

        var condition = _session.Position(start);
        _seekDone = _seekTried;
        if (condition is not null)
        {
            Stop(condition);
            return true;
        }

        _isPausedNatively = false;
        _storedHint = -1;
        _backoff.Reset();
        Found();
        var first = _session.Next;
        _reader.Publish(_seekDone, default, s => s with { Start = first });
        Publish(0);
        LogReading(_logger, _reader.Name, start, _session.Next, _session.LowWatermark, _session.HighWatermark);
        return true;
    }

    private bool Poll()
    {
        var room = _reader.Room;
        var count = _session.Drain(_drained.AsSpan(0, Math.Clamp(room.Records, 1, _drained.Length)), Math.Min(room.Bytes, _options.MaxBatchBytes), PollMs, out var bytes);
        if (_session.TakeError(out var isReport) is { } error)
        {
            if (isReport && !error.IsFatal && !_isLost)
            {
                // Some broker is away; whether it is one that matters here, the next question shows.
                _suspicion = error;
            }
            else
            {
                Trouble(error);
            }
        }
        else if (count > 0)
        {
            Found();
        }

        Publish(count);
        if (count > 0)
        {
            _instruments?.Read(_reader, count, bytes);
        }

        return true;
    }

    private void Publish(int count)
    {
        var (next, low, high, partitions) = (_session.Next, _session.LowWatermark, _session.HighWatermark, _session.Partitions);
        var state = _isLost ? (_wasReading ? KafkaReaderState.Disconnected : KafkaReaderState.Connecting) : _isPausedByCaller ? KafkaReaderState.Paused : KafkaReaderState.Reading;
        _reader.Publish(_seekDone, _drained.AsSpan(0, count), s => s.Condition is not null || (count == 0 && s.Next == next && s.HighWatermark == high && s.State == state && s.Partitions == partitions)
            ? s
            : s with { Next = next, LowWatermark = low, HighWatermark = high, State = state, Partitions = partitions });
        _drained.AsSpan(0, count).Clear();
    }

    private void SetNativePause(bool isPaused)
    {
        if (isPaused != _isPausedNatively)
        {
            _session.SetPaused(isPaused);
            _isPausedNatively = isPaused;
        }
    }

    private void Ask()
    {
        if (_session.TryAskWatermarks())
        {
            Found();
        }
        else if (_suspicion is { } error)
        {
            _suspicion = null;
            Trouble(error);
        }
        else
        {
            _backoff.Next();
        }
    }

    private void Found()
    {
        _suspicion = null;
        if (_isLost)
        {
            _isLost = false;
            LogFound(_logger, _reader.Name);
            if (_wasReading)
            {
                _instruments?.Reconnected(_reader);
                _reader.Publish(_seekDone, default, static s => s with { Reconnects = s.Reconnects + 1 });
            }
        }

        _wasReading = true;
        _backoff.Reset();
    }

    private void Trouble(Error error)
    {
        if (error.IsFatal)
        {
            Stop(new KafkaPartitionCondition(KafkaConditionKind.Fatal, KafkaErrors.Fatal(_reader.Name, error), _session.Next, _session.LowWatermark, _session.HighWatermark));
            return;
        }

        if (KafkaErrors.IsOutOfRange(error))
        {
            var requested = _session.Next;
            if (_session.TryAskWatermarks())
            {
                Stop(_session.OutOfRange(requested));
                return;
            }
        }

        _instruments?.PollFailed(_reader, error);
        var reported = KafkaErrors.Transient(_reader.Name, error);
        if (!_isLost)
        {
            LogLost(_logger, _reader.Name, reported.ToString());
        }

        // Also errors that librdkafka gets over by itself count as lost until a record or an answer shows that it has.
        _isLost = true;
        _backoff.Next();
        var state = _wasReading ? KafkaReaderState.Disconnected : KafkaReaderState.Connecting;
        _reader.Publish(_seeks, default, s => s with { LastError = reported, State = s.Condition is null ? state : s.State });
    }

    private void Stop(KafkaPartitionCondition condition)
    {
        LogStopped(_logger, _reader.Name, condition.Error.ToString());
        var (low, high, partitions) = (_session.LowWatermark, _session.HighWatermark, _session.Partitions);
        _reader.Publish(_seekDone, default, s => s with { State = KafkaReaderState.Stopped, Condition = condition, LowWatermark = low, HighWatermark = high, Partitions = partitions, LastError = condition.Error });
    }

    private void StoreHint()
    {
        var hint = Volatile.Read(ref _hint);
        if (hint >= 0 && hint != _storedHint && _options.CommitsHints)
        {
            _session.StoreHint(hint);
            _storedHint = hint;
        }
    }

    private void Flush()
    {
        TaskCompletionSource<GridError?>? flush;
        lock (_commands)
        {
            flush = _flush;
            _flush = null;
        }

        flush?.TrySetResult(CommitNow());
    }

    private GridError? CommitNow()
    {
        var hint = Volatile.Read(ref _hint);
        return hint < 0 || !_options.CommitsHints ? null : _session.Commit(hint);
    }

    private void Close()
    {
        try
        {
            Flush();
            if (CommitNow() is { } error)
            {
                LogHintNotCommitted(_logger, _reader.Name, error.ToString());
            }

            _session.Dispose();
        }
        catch (KafkaException e)
        {
            LogHintNotCommitted(_logger, _reader.Name, e.Error.Reason);
        }
        finally
        {
            lock (_commands)
            {
                _flush?.TrySetResult(null);
                _flush = null;
            }

            _ended.TrySetResult();
        }
    }

    [LoggerMessage(EventId = 5101, Level = LogLevel.Information, Message = "Partition {Partition}: reading from {Start}, which is offset {Offset} (the broker keeps {Low} to {High})")]
    private static partial void LogReading(ILogger logger, string partition, KafkaStart start, long offset, long low, long high);

    [LoggerMessage(EventId = 5102, Level = LogLevel.Warning, Message = "Partition {Partition}: the brokers are away, trying again: {Error}")]
    private static partial void LogLost(ILogger logger, string partition, string error);

    [LoggerMessage(EventId = 5103, Level = LogLevel.Information, Message = "Partition {Partition}: the brokers are back")]
    private static partial void LogFound(ILogger logger, string partition);

    [LoggerMessage(EventId = 5104, Level = LogLevel.Error, Message = "Partition {Partition}: reading has stopped: {Error}")]
    private static partial void LogStopped(ILogger logger, string partition, string error);

    [LoggerMessage(EventId = 5105, Level = LogLevel.Warning, Message = "Partition {Partition}: the last progress was not committed, records since the commit before may be read again: {Error}")]
    private static partial void LogHintNotCommitted(ILogger logger, string partition, string error);

    [LoggerMessage(EventId = 5106, Level = LogLevel.Warning, Message = "Partition {Partition}: closing takes longer than {Timeout} and goes on in the background")]
    private static partial void LogCloseIsSlow(ILogger logger, string partition, TimeSpan timeout);
}
