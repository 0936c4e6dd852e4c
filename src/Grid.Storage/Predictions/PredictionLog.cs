using System.Threading.Channels;
using Grid.Primitives;

namespace Grid.Storage.Predictions;

/// <summary>
/// The log of predictions, as Parquet files by workspace, tenant, model and day. <see cref="TryAdd"/> never waits: a writer in the background gathers rows
/// and writes whole files, each moved into place when it is complete. Thread-safe. What is in no file yet is lost in a crash; the next start records the gap.
/// </summary>
public sealed class PredictionLog : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetentionEvery = TimeSpan.FromHours(1);

    private readonly PredictionLogOptions _options;
    private readonly TimeProvider _time;
    private readonly Channel<LoggedPrediction> _rows = Channel.CreateUnbounded<LoggedPrediction>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<(Func<Task> Work, TaskCompletionSource Done)> _work = Channel.CreateUnbounded<(Func<Task>, TaskCompletionSource)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<PredictionPartition, PartitionBuffer> _partitions = [];
    private readonly GapKeeper _gaps;
    private readonly WriterMark _mark;
    private readonly PredictionLogInstruments _instruments;
    private readonly Task _writer;
    private readonly string _name;
    private long _bufferedBytes;
    private long _written;
    private long _dropped;
    private long _files;
    private GridError? _error;
    private bool _disposed;

    private PredictionLog(PredictionLogOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _name = Guid.NewGuid().ToString("n");
        Directory.CreateDirectory(options.Folder);
        _gaps = new GapKeeper(options.Folder, _name, time);
        _instruments = new PredictionLogInstruments(this);
        Identity = LogIdentity.Of(options.Folder);
        foreach (var gap in WriterMark.Recover(options.Folder, time.GetUtcNow()))
        {
            _gaps.Add(gap);
            _instruments.Gaps.Add(1, GapTag(gap.Reason));
        }

        _mark = WriterMark.Create(options.Folder, _name);
        Files = new PredictionFiles(options.Folder);
        _writer = Task.Run(RunAsync);
    }

    /// <summary>Names the folder: two writers with the same identity write one log, wherever it is mounted.</summary>
    public string Identity { get; }

    /// <summary>What is in finished files.</summary>
    public PredictionFiles Files { get; }

    public PredictionLogStatus Status => new(Volatile.Read(ref _written), Volatile.Read(ref _dropped), Volatile.Read(ref _bufferedBytes), Volatile.Read(ref _error));

    /// <summary>Opens the log, and records the gaps that ended processes have left.</summary>
    /// <exception cref="GridException">The options are wrong, or the folder cannot be used.</exception>
    public static PredictionLog Open(PredictionLogOptions options, TimeProvider? time = null)
    {
        if (options.Validate() is { Count: > 0 } errors)
        {
            throw new GridException(errors);
        }

        try
        {
            return new PredictionLog(options, time ?? TimeProvider.System);
        }
        catch (Exception failure) when (FileErrors.IsFromDisk(failure))
        {
            throw new GridException(FileErrors.Describe(failure, $"prediction log '{options.Folder}'"), failure);
        }
    }

    /// <summary>Hands a prediction over. Never waits and never throws; false where the buffer is full and the gap was noted.</summary>
    public bool TryAdd(LoggedPrediction row)
    {
        if (Interlocked.Add(ref _bufferedBytes, row.Bytes) <= _options.BufferBytes && _rows.Writer.TryWrite(row))
        {
            return true;
        }

        Interlocked.Add(ref _bufferedBytes, -row.Bytes);
        Interlocked.Increment(ref _dropped);
        _instruments.Dropped.Add(1);
        if (_gaps.Missed(row.Layout, row.Tenant))
        {
            _instruments.Gaps.Add(1, GapTag(PredictionGapReason.BufferFull));
        }

        return false;
    }

    /// <summary>Writes what was handed over before the call, and the gaps.</summary>
    /// <exception cref="GridException">A file cannot be written; its rows stay in the buffer.</exception>
    public Task FlushAsync(CancellationToken cancellationToken = default) => EnqueueAsync(() => WriteAsync(all: true), cancellationToken);

    /// <summary>Takes the predictions of a tenant, or of one of its entities, out of the log: files are rewritten, each in one step.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="entity">The entity; null for all.</param>
    /// <param name="erasing">Told the ids that are about to leave, file by file; where it throws, they stay. What belongs to them can so be erased while they are known.</param>
    /// <param name="cancellationToken">Gives up waiting; what has begun goes on.</param>
    /// <returns>Predictions removed.</returns>
    /// <exception cref="GridException">A file cannot be read or written; the same call again goes on.</exception>
    public async Task<long> EraseAsync(string workspace, string tenant, string? entity = null, Func<IReadOnlyList<string>, Task>? erasing = null, CancellationToken cancellationToken = default)
    {
        GridNames.Require("workspace", workspace);
        GridNames.Require("tenant", tenant);
        var erased = 0L;
        await EnqueueAsync(
            async () =>
            {
                await WriteAsync(all: true);
                erased = await Files.EraseAsync(workspace, tenant, entity, _mark.Staging, erasing);
            },
            cancellationToken);
        return erased;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _rows.Writer.Complete();
        _work.Writer.Complete();
        await _writer;
        _instruments.Dispose();
    }

    private async Task EnqueueAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ObjectDisposedException.ThrowIf(!_work.Writer.TryWrite((work, done)), this);
        await done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>The writer: the only one that touches partitions, mark and files.</summary>
    private async Task RunAsync()
    {
        var nextRetention = _time.GetUtcNow();
        var nextTick = _time.GetTimestamp();
        var isOpen = true;
        while (isOpen)
        {
            isOpen = await WaitAsync();
            Take();
            while (_work.Reader.TryRead(out var item))
            {
                // What was handed over before the request is read before it is served.
                Take();
                await ServeAsync(item.Work, item.Done);
            }

            if (_time.GetElapsedTime(nextTick) >= Tick || _partitions.Values.Any(p => p.Rows.Count >= _options.FileRows))
            {
                nextTick = _time.GetTimestamp();
                await TryAsync(() => WriteAsync(all: false));
            }

            if (_options.RetentionDays > 0 && _time.GetUtcNow() >= nextRetention)
            {
                nextRetention = _time.GetUtcNow() + RetentionEvery;
                await TryAsync(() =>
                {
                    Files.DeleteBefore(_time.GetUtcNow() - TimeSpan.FromDays(_options.RetentionDays));
                    return Task.CompletedTask;
                });
            }
        }

        Take();
        await TryAsync(() => WriteAsync(all: true));
        if (_partitions.Count == 0)
        {
            _mark.Dispose();
        }
    }

    /// <summary>Waits for a request or the next tick; false when the log is closed.</summary>
    private async Task<bool> WaitAsync()
    {
        using var timer = new CancellationTokenSource(Tick, _time);
        try
        {
            // Rows do not wake it: they are taken in bulk.
            return await _work.Reader.WaitToReadAsync(timer.Token);
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private void Take()
    {
        var before = _time.GetUtcNow();
        while (_rows.Reader.TryRead(out var row))
        {
            var partition = new PredictionPartition(row.Layout, row.Tenant, PredictionPartition.DayOf(row.TimeMs));
            if (!_partitions.TryGetValue(partition, out var buffer))
            {
                _partitions.Add(partition, buffer = new PartitionBuffer());
            }

            buffer.Rows.Add(row);
        }

        TryNote(before);
    }

    /// <summary>Notes the oldest row that waits, or else when it was last looked: a crash may lose what came since.</summary>
    private void TryNote(DateTimeOffset looked)
    {
        try
        {
            _mark.Note(_partitions.Count == 0 ? looked : DateTimeOffset.FromUnixTimeMilliseconds(_partitions.Values.Min(static p => p.Rows[0].AtMs)));
        }
        catch (Exception failure) when (FileErrors.IsFromDisk(failure))
        {
            Volatile.Write(ref _error, FileErrors.Describe(failure, $"prediction log '{_options.Folder}'"));
        }
    }

    /// <summary>Writes the partitions that are due, then the gaps. One that fails does not keep the others from being written.</summary>
    private async Task WriteAsync(bool all)
    {
        GridException? failed = null;
        var isTried = _partitions.Count == 0;
        var oldest = (_time.GetUtcNow() - _options.MaxAge).ToUnixTimeMilliseconds();
        foreach (var (partition, buffer) in _partitions.ToArray())
        {
            if (!all && buffer.Rows.Count < _options.FileRows && buffer.Rows[0].AtMs > oldest)
            {
                continue;
            }

            isTried = true;
            try
            {
                await WriteAsync(partition, buffer);
            }
            catch (GridException failure)
            {
                failed = failure;
            }
        }

        try
        {
            await _gaps.WriteAsync(all, CancellationToken.None);
        }
        catch (Exception failure) when (FileErrors.IsFromDisk(failure))
        {
            failed ??= new GridException(FileErrors.Describe(failure, $"prediction log '{_options.Folder}'"), failure);
        }

        // Where nothing was due, nothing is known of the disk: the error that was stands.
        if (isTried || failed is not null)
        {
            Volatile.Write(ref _error, failed?.Error);
        }

        if (failed is not null)
        {
            throw failed;
        }
    }

    private async Task WriteAsync(PredictionPartition partition, PartitionBuffer buffer)
    {
        while (buffer.Rows.Count > 0)
        {
            var rows = buffer.Rows.GetRange(0, Math.Min(buffer.Rows.Count, _options.FileRows));
            var folder = Path.Combine(_options.Folder, partition.Path);
            long bytes;
            try
            {
                bytes = await PredictionFiles.WriteAsync(_mark.Staging, Path.Combine(folder, PredictionFileName.Of(_time.GetUtcNow(), _name, _files)), PredictionTable.Of(rows));
            }
            catch (Exception failure) when (FileErrors.IsFromDisk(failure))
            {
                _instruments.Failures.Add(1);
                throw new GridException(FileErrors.Describe(failure, $"prediction log '{folder}'"), failure);
            }

            _files++;
            _instruments.Files.Add(1);
            _instruments.Bytes.Add(bytes);
            buffer.Rows.RemoveRange(0, rows.Count);
            Interlocked.Add(ref _bufferedBytes, -rows.Sum(static r => (long)r.Bytes));
            Interlocked.Add(ref _written, rows.Count);
            _instruments.Written.Add(rows.Count);
        }

        _partitions.Remove(partition);
    }

    private static KeyValuePair<string, object?> GapTag(PredictionGapReason reason) => new("reason", reason == PredictionGapReason.Crash ? "crash" : "buffer_full");

    private static async Task ServeAsync(Func<Task> work, TaskCompletionSource done)
    {
        try
        {
            await work();
            done.SetResult();
        }
        catch (Exception failure)
        {
            // It belongs to whoever asked.
            done.SetException(failure);
        }
    }

    /// <summary>A disk that fails leaves the error in the status; the next tick tries again.</summary>
    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception failure) when (failure is GridException || FileErrors.IsFromDisk(failure))
        {
            Volatile.Write(ref _error, (failure as GridException)?.Error ?? FileErrors.Describe(failure, $"prediction log '{_options.Folder}'"));
        }
    }
}
