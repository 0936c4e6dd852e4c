using Grid.Features.Shards;
using Grid.Grains.Ownership;
using Grid.Primitives;
using Grid.Storage;
using Microsoft.Extensions.Logging;

namespace Grid.Grains.Shards;

/// <summary>
/// Turns what a shard has applied into durable blocks: one block under way, the next one gathering; snapshots when the log has grown.
/// Lives on the shard's scheduler; not thread-safe.
/// </summary>
internal sealed partial class ShardCommitter : IDisposable
{
    private static readonly TimeSpan RetryFloor = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryCeiling = TimeSpan.FromSeconds(5);

    private readonly ShardState _state;
    private readonly IShardStore _store;
    private readonly ShardOwnership _ownership;
    private readonly ShardOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<GridError> _lost;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<SourceProgress> _sources = [];
    private readonly List<(long Sequence, TaskCompletionSource Waiter)> _waiters = [];
    private TaskCompletionSource _work = NewSignal();
    private TaskCompletionSource _urgent = NewSignal();
    private Task _loop = Task.CompletedTask;
    private Task _snapshot = Task.CompletedTask;
    private GridError? _gone;
    private long _logBytes;
    private long _inFlightBytes;

    public ShardCommitter(
        ShardState state,
        IShardStore store,
        ShardOwnership ownership,
        ShardOptions options,
        TimeProvider time,
        ILogger logger,
        long snapshotSequence,
        long logBytes,
        Action<GridError> lost)
    {
        _state = state;
        _store = store;
        _ownership = ownership;
        _options = options;
        _time = time;
        _logger = logger;
        _lost = lost;
        _logBytes = logBytes;
        SealedSequence = DurableSequence = ownership.Lease.LastSequence;
        SnapshotSequence = snapshotSequence;
    }

    public long SealedSequence { get; private set; }

    public long DurableSequence { get; private set; }

    public long SnapshotSequence { get; private set; }

    /// <summary>Why nothing more can be taken for now; null while the store answers.</summary>
    public GridError? Away { get; private set; }

    /// <summary>Applied bytes that are not yet durable.</summary>
    public long UncommittedBytes => _inFlightBytes + _state.PendingBytes;

    private ShardKey Shard => _ownership.Lease.Shard;

    private long Epoch => _ownership.Lease.Epoch;

    public void Start() => _loop = RunAsync();

    /// <summary>The progress of a (feed, partition); the first question must come before the first event of it is applied in this activation.</summary>
    public SourceProgress Source(string feed, string partition)
    {
        foreach (var source in _sources)
        {
            if (source.Feed == feed && source.Partition == partition)
            {
                return source;
            }
        }

        var added = new SourceProgress(feed, partition, _state.GetMark(feed, partition));
        _sources.Add(added);
        return added;
    }

    /// <summary>Something has been applied. Commits after the linger, or at once where enough has gathered.</summary>
    public void Applied()
    {
        if (!_state.HasPending)
        {
            return;
        }

        _work.TrySetResult();
        if (_state.PendingBytes >= _options.CommitBytes)
        {
            _urgent.TrySetResult();
        }
    }

    /// <summary>Returns when everything applied so far is durable.</summary>
    /// <exception cref="GridException">The shard was lost; the outcome of what was under way is unknown.</exception>
    public Task DurableAsync()
    {
        var sequence = SealedSequence + (_state.HasPending ? 1 : 0);
        if (sequence <= DurableSequence)
        {
            return Task.CompletedTask;
        }

        // Nothing commits any more, so nobody would ever be woken.
        if (_gone is { } gone)
        {
            return Task.FromException(gone.ToException());
        }

        var waiter = NewSignal();
        _waiters.Add((sequence, waiter));
        _work.TrySetResult();
        _urgent.TrySetResult();
        return waiter.Task;
    }

    /// <summary>Commits what is pending and ends. After it the state is as durable as it will ever be.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await DurableAsync().WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is GridException or OperationCanceledException)
        {
            LogStoppedDirty(e, Shard, Epoch, UncommittedBytes);
        }

        await _stopping.CancelAsync();
        _work.TrySetResult();
        _urgent.TrySetResult();
        await _loop;
        await _snapshot;
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            await _work.Task;
            _work = NewSignal();
            if (_state.PendingBytes < _options.CommitBytes && _options.CommitLinger > TimeSpan.Zero)
            {
                await Task.WhenAny(_urgent.Task, Task.Delay(_options.CommitLinger, _time, _stopping.Token));
            }

            _urgent = NewSignal();
            while (_state.HasPending && !_stopping.IsCancellationRequested)
            {
                if (!await CommitAsync())
                {
                    return;
                }
            }
        }
    }

    /// <summary>Seals and appends one block. False where the shard is lost.</summary>
    private async Task<bool> CommitAsync()
    {
        // 1. Seal: between two awaits on this scheduler, so marks and block say the same.
        using var block = _state.SealBlock()!;
        var sequence = SealedSequence = block.Sequence;
        var length = block.Bytes.Length;
        _inFlightBytes = length;
        foreach (var source in _sources)
        {
            source.Sealed = _state.GetMark(source.Feed, source.Partition);
        }

        // A snapshot is of exactly this block, so it is captured here; its pages are copied only as they change.
        var captured = _logBytes + length >= _options.SnapshotLogBytes && _snapshot.IsCompleted ? _state.CaptureSnapshot() : null;

        // 2. Append. A transient failure retries the same block: one that is there already counts as success.
        var askedAt = _time.GetTimestamp();
        var outcome = await AppendAsync(sequence, block.Bytes);
        if (!outcome.IsCommitted)
        {
            Lose(outcome);
            return false;
        }

        // 3. Durable: publish marks, then wake whoever waits.
        _ownership.Confirm(askedAt);
        _inFlightBytes = 0;
        _logBytes += length;
        DurableSequence = sequence;
        foreach (var source in _sources)
        {
            source.Durable = source.Sealed;
        }

        for (var i = _waiters.Count - 1; i >= 0; i--)
        {
            if (_waiters[i].Sequence <= sequence)
            {
                _waiters[i].Waiter.SetResult();
                _waiters.RemoveAt(i);
            }
        }

        if (captured is not null)
        {
            _snapshot = SnapshotAsync(captured, sequence);
        }

        return true;
    }

    private async Task<AppendOutcome> AppendAsync(long sequence, ReadOnlyMemory<byte> block)
    {
        var wait = RetryFloor;
        while (true)
        {
            AppendOutcome outcome;
            try
            {
                outcome = await _store.AppendAsync(Shard, Epoch, sequence, block, _stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return new AppendOutcome(AppendStatus.Unknown, Epoch, DurableSequence);
            }

            if (outcome.Status != AppendStatus.Refused)
            {
                if (Away is not null)
                {
                    LogBack(Shard, sequence);
                    Away = null;
                }

                return outcome;
            }

            Away ??= outcome.Error;
            LogAway(Shard, sequence, outcome.Error?.Message ?? "refused");
            try
            {
                await Task.Delay(wait, _time, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return new AppendOutcome(AppendStatus.Unknown, Epoch, DurableSequence);
            }

            wait = wait * 2 < RetryCeiling ? wait * 2 : RetryCeiling;
        }
    }

    private void Lose(AppendOutcome outcome)
    {
        var error = new GridError(
            GridErrorCode.OutcomeUnknown,
            $"shard {Shard}",
            $"was taken over by epoch {outcome.CurrentEpoch} while epoch {Epoch} was committing; what was under way may or may not be stored.",
            "Push again with the same keys; a reader asks for the marks.",
            RetryAfterMs: 100);
        LogLost(Shard, Epoch, outcome.Status, outcome.CurrentEpoch);
        if (outcome.Status == AppendStatus.Fenced)
        {
            _ownership.Fence(outcome.CurrentEpoch);
        }

        _gone = error;
        foreach (var (_, waiter) in _waiters)
        {
            waiter.SetException(error.ToException());
        }

        _waiters.Clear();
        _lost(error);
    }

    private async Task SnapshotAsync(ShardSnapshot captured, long sequence)
    {
        var bytes = _logBytes;
        _logBytes = 0;
        try
        {
            var pages = captured.DirtyPages.Select(page => new Storage.SnapshotPage(page.Id, page.Content)).ToArray();
            var outcome = await _store.WriteSnapshotAsync(Shard, Epoch, new SnapshotChange(sequence, captured.Manifest, pages, captured.LivePages), _stopping.Token);
            if (outcome.Status == SnapshotStatus.Switched)
            {
                _state.SnapshotCompleted(captured);
                SnapshotSequence = sequence;
                LogSnapshot(Shard, sequence, pages.Length, bytes);
                return;
            }

            LogSnapshotRefused(Shard, sequence, outcome.Status);
        }
        catch (Exception e) when (e is GridException or OperationCanceledException)
        {
            LogSnapshotFailed(e, Shard, sequence);
        }

        // The log is whole without it; the pages go into the next one.
        _state.SnapshotFailed(captured);
        _logBytes += bytes;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(EventId = 2501, Level = LogLevel.Warning, Message = "Shard {Shard}: block {Sequence} waits for the store: {Reason}")]
    private partial void LogAway(ShardKey shard, long sequence, string reason);

    [LoggerMessage(EventId = 2502, Level = LogLevel.Information, Message = "Shard {Shard}: the store takes blocks again, from {Sequence}")]
    private partial void LogBack(ShardKey shard, long sequence);

    [LoggerMessage(EventId = 2503, Level = LogLevel.Warning, Message = "Shard {Shard}: epoch {Epoch} cannot commit ({Status}, the store is at epoch {Current}); it steps down")]
    private partial void LogLost(ShardKey shard, long epoch, AppendStatus status, long current);

    [LoggerMessage(EventId = 2504, Level = LogLevel.Debug, Message = "Shard {Shard}: snapshot at block {Sequence}, {Pages} pages, cuts {LogBytes} bytes of log")]
    private partial void LogSnapshot(ShardKey shard, long sequence, int pages, long logBytes);

    [LoggerMessage(EventId = 2505, Level = LogLevel.Warning, Message = "Shard {Shard}: snapshot at block {Sequence} was not switched: {Status}")]
    private partial void LogSnapshotRefused(ShardKey shard, long sequence, SnapshotStatus status);

    [LoggerMessage(EventId = 2506, Level = LogLevel.Warning, Message = "Shard {Shard}: snapshot at block {Sequence} failed; the log stays whole")]
    private partial void LogSnapshotFailed(Exception error, ShardKey shard, long sequence);

    [LoggerMessage(EventId = 2507, Level = LogLevel.Warning, Message = "Shard {Shard}: epoch {Epoch} ends with {Bytes} bytes not committed; nothing of it was acknowledged as durable")]
    private partial void LogStoppedDirty(Exception error, ShardKey shard, long epoch, long bytes);
}
