using System.Globalization;
using Grid.Primitives;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Streams.Kafka;

/// <summary>
/// Reads one partition by assignment, never by subscription, on a thread of its own. Starting it connects to nothing yet: the thread looks for the broker for as long as it takes,
/// and <see cref="Status"/> says how that goes. One caller may read at a time; everything else is thread-safe.
/// </summary>
/// <remarks>
/// A reader holds one consumer. While the caller is slow it first leaves records with librdkafka (bounded by <see cref="KafkaReaderOptions.FetchQueueKbytes"/>), then pauses the partition
/// and goes on polling, so that memory stays within the options' bounds and errors are still seen.
/// An offset outside the broker's range, a dead client or refused settings stop it with a <see cref="KafkaPartitionCondition"/>; whatever may pass is tried again with a growing wait.
/// </remarks>
public sealed class KafkaPartitionReader : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<KafkaRecord> _buffer = new();
    private readonly KafkaReaderOptions _options;
    private readonly KafkaReaderLoop _loop;
    private readonly KafkaInstruments? _instruments;
    private TaskCompletionSource? _arrival;
    private long _bufferedBytes;
    private long _oldestAt;
    private long _taken = -1;
    private bool _isDisposed;
    private KafkaReaderStatus _status = new(KafkaReaderState.Connecting, -1, -1, -1, 0, 0, -1, 0, null, null);

    /// <exception cref="GridException">The options, the topic or the partition are out of range.</exception>
    public KafkaPartitionReader(
        IKafkaClientFactory clients,
        string topic,
        int partition,
        KafkaReaderOptions? options = null,
        KafkaInstruments? instruments = null,
        ILoggerFactory? logging = null)
    {
        _options = options ?? new KafkaReaderOptions();
        var check = new OptionsCheck("partition");
        check.That(!string.IsNullOrWhiteSpace(topic), "topic", "is empty.", "Name the topic.");
        check.Range("number", partition, 0, int.MaxValue);
        check.Add(_options.Check());
        if (check.Errors.Count > 0)
        {
            throw new GridException(check.Errors);
        }

        Topic = topic;
        Partition = partition;
        _instruments = instruments;
        var logger = logging?.CreateLogger<KafkaPartitionReader>() ?? (ILogger)NullLogger<KafkaPartitionReader>.Instance;
        _loop = new KafkaReaderLoop(this, clients, _options, instruments, logger);
    }

    public string Topic { get; }

    public int Partition { get; }

    /// <summary><c>topic#partition</c>.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Topic}#{Partition}");

    /// <summary>As of now.</summary>
    public KafkaReaderStatus Status
    {
        get
        {
            lock (_gate)
            {
                return _status with { BufferedRecords = _buffer.Count, BufferedBytes = _bufferedBytes };
            }
        }
    }

    /// <summary>Raised on the reader's thread after each round that may have changed <see cref="Status"/>.</summary>
    internal event Action? Changed;

    /// <summary>Starts the thread. Returns at once; never throws for a broker that is away.</summary>
    /// <exception cref="InvalidOperationException">It has been started before.</exception>
    public void Start(KafkaStart start)
    {
        _loop.Start(start);
        _instruments?.Add(this);
    }

    /// <summary>
    /// The next records, at least one, or a batch with a <see cref="KafkaBatch.Condition"/> after the last record that was read before it.
    /// Waits while there are none, a broker that is away included.
    /// </summary>
    /// <exception cref="OperationCanceledException">Nothing is lost: the next read brings the records.</exception>
    /// <exception cref="ObjectDisposedException">The reader is closed.</exception>
    public async ValueTask<KafkaBatch> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task arrival;
            TimeSpan due;
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                if (Take(out due) is { } batch)
                {
                    return batch;
                }

                _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                arrival = _arrival.Task;
            }

            if (due == Timeout.InfiniteTimeSpan)
            {
                await arrival.WaitAsync(cancellationToken);
                continue;
            }

            try
            {
                await arrival.WaitAsync(due, cancellationToken);
            }
            catch (TimeoutException)
            {
                // The oldest record has waited long enough.
            }
        }
    }

    /// <summary>Like <see cref="ReadAsync"/> without waiting: false where there is nothing yet.</summary>
    /// <exception cref="ObjectDisposedException">The reader is closed.</exception>
    public bool TryRead(out KafkaBatch batch)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            batch = Take(out _)!;
            return batch is not null;
        }
    }

    /// <summary>Goes on from elsewhere and ends a condition. What was read ahead is dropped: the next batch begins there.</summary>
    public void Seek(KafkaStart start)
    {
        lock (_gate)
        {
            _buffer.Clear();
            _bufferedBytes = 0;
            _taken = -1;
            _status = _status with { Condition = null, Next = -1, Start = -1 };
            _loop.RequestSeek(start);
        }
    }

    /// <summary>Stops fetching; what is buffered can still be taken.</summary>
    public void Pause() => _loop.SetPaused(true);

    /// <summary>Ends a pause.</summary>
    public void Resume() => _loop.SetPaused(false);

    /// <summary>
    /// Says that everything below <paramref name="next"/> is done. Committed for the group within <see cref="KafkaReaderOptions.CommitInterval"/>, as well as it goes:
    /// it is a hint for other tools, and for a start from <see cref="KafkaStart.Committed"/>.
    /// </summary>
    public void CommitHint(long next) => _loop.SetHint(next);

    /// <summary>Commits the last hint now and waits for the answer: null, or why it could not be committed.</summary>
    public Task<GridError?> FlushHintAsync(CancellationToken cancellationToken) => _loop.FlushAsync().WaitAsync(cancellationToken);

    /// <summary>Commits the last hint and closes the consumer, waiting for at most <see cref="KafkaReaderOptions.CloseTimeout"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            _buffer.Clear();
            _bufferedBytes = 0;
            _arrival?.TrySetResult();
            _status = _status with { State = KafkaReaderState.Closed };
        }

        _instruments?.Remove(this);
        await _loop.DisposeAsync();
    }

    /// <summary>Whether the caller is behind so far that nothing more should be fetched.</summary>
    internal bool IsFull
    {
        get
        {
            lock (_gate)
            {
                return _buffer.Count >= _options.MaxBufferedRecords || _bufferedBytes >= _options.MaxBufferedBytes;
            }
        }
    }

    /// <summary>Room for records before the buffer is full; the last one may reach beyond.</summary>
    internal (int Records, long Bytes) Room
    {
        get
        {
            lock (_gate)
            {
                return (_options.MaxBufferedRecords - _buffer.Count, _options.MaxBufferedBytes - _bufferedBytes);
            }
        }
    }

    /// <summary>Takes what the loop has read, unless the caller has sought elsewhere since.</summary>
    internal void Publish(int seek, ReadOnlySpan<KafkaRecord> records, Func<KafkaReaderStatus, KafkaReaderStatus> change)
    {
        lock (_gate)
        {
            if (_isDisposed || !_loop.IsCurrent(seek))
            {
                return;
            }

            if (_buffer.Count == 0)
            {
                _oldestAt = Environment.TickCount64;
            }

            foreach (ref readonly var record in records)
            {
                _buffer.Enqueue(record);
                _bufferedBytes += record.Bytes;
            }

            _status = change(_status);
            if (records.Length > 0 || _status.Condition is not null)
            {
                _arrival?.TrySetResult();
                _arrival = null;
            }
        }

        Changed?.Invoke();
    }

    private KafkaBatch? Take(out TimeSpan due)
    {
        due = Timeout.InfiniteTimeSpan;
        if (_buffer.Count == 0)
        {
            return _status.Condition is { } condition ? new KafkaBatch(default, _taken < 0 ? condition.Requested : _taken, _status.LowWatermark, _status.HighWatermark, condition) : null;
        }

        if (_options.MaxBatchWait > TimeSpan.Zero && _buffer.Count < _options.MaxBatchRecords && _bufferedBytes < _options.MaxBatchBytes && _status.Condition is null)
        {
            var waited = TimeSpan.FromMilliseconds(Environment.TickCount64 - _oldestAt);
            if (waited < _options.MaxBatchWait)
            {
                due = _options.MaxBatchWait - waited;
                return null;
            }
        }

        var wasFull = _buffer.Count >= _options.MaxBufferedRecords || _bufferedBytes >= _options.MaxBufferedBytes;
        var records = new KafkaRecord[Math.Min(_buffer.Count, _options.MaxBatchRecords)];
        var count = 0;
        long bytes = 0;
        while (count < records.Length && (count == 0 || bytes + _buffer.Peek().Bytes <= _options.MaxBatchBytes))
        {
            records[count] = _buffer.Dequeue();
            bytes += records[count].Bytes;
            count++;
        }

        _bufferedBytes -= bytes;
        _oldestAt = Environment.TickCount64;
        _taken = records[count - 1].Offset + 1;
        if (wasFull)
        {
            _loop.Wake();
        }

        // With nothing buffered, gaps at the end are passed too: the caller's mark need not stay below them.
        var next = _buffer.Count == 0 && _status.Next > _taken ? _status.Next : _taken;
        return new KafkaBatch(records.AsMemory(0, count), next, _status.LowWatermark, _status.HighWatermark);
    }
}
