using System.Threading.Tasks.Sources;
using Grid.Inference.Hosting;
using Grid.Primitives;

namespace Grid.Inference.Scheduling;

/// <summary>
/// A request on its way through a queue; reused by its owner from run to run. The links, <see cref="Taken"/> and <see cref="Tenant"/>'s queue
/// belong to the scheduler's lock; the rest to whoever holds the run.
/// </summary>
internal abstract class PendingRun : IValueTaskSource<RunResult>
{
    private ManualResetValueTaskSourceCore<RunResult> _source = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private GridError? _error;
    private int _finished;
    private int _largestBatch;
    private int _busy;

    protected PendingRun(LoadedModel model) => Model = model;

    public LoadedModel Model { get; }

    public RunContext Context { get; private set; }

    /// <summary>When nobody wants the answer any more, in the host's time stamps.</summary>
    public long Deadline { get; set; }

    /// <summary>What it asks of the model: rows of a row run; what a tensor run weighs against them.</summary>
    public abstract int Rows { get; }

    /// <summary>True where its rows can share a run with others'.</summary>
    public abstract bool CanShare { get; }

    public TenantQueue? Queue { get; set; }

    public PendingRun? Previous { get; set; }

    public PendingRun? Next { get; set; }

    /// <summary>Rows that a worker has taken.</summary>
    public int Taken { get; set; }

    public long EnqueuedAt { get; set; }

    public long StartedAt { get; set; }

    /// <exception cref="InvalidOperationException">It is under way already: a bug of the caller.</exception>
    public void Begin(in RunContext context)
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0)
        {
            throw new InvalidOperationException("This buffer is in a run that has not ended.");
        }

        Context = context.Tenant is null ? context with { Tenant = "" } : context;
        Deadline = context.DeadlineTimestamp;
        Taken = 0;
        _error = null;
        _finished = 0;
        _largestBatch = 0;
    }

    public bool IsBusy => Volatile.Read(ref _busy) != 0;

    /// <summary>Ends a run that never reached a queue.</summary>
    public void EndInline() => Volatile.Write(ref _busy, 0);

    /// <summary>Makes the task that ends with <see cref="Finish"/> or <see cref="Abandon"/>. Call before it is queued.</summary>
    public ValueTask<RunResult> Arm()
    {
        _source.Reset();
        if (Context.CancellationToken.CanBeCanceled)
        {
            _registration = Context.CancellationToken.UnsafeRegister(static run => ((PendingRun)run!).OnCancelled(), this);
        }

        return new ValueTask<RunResult>(this, _source.Version);
    }

    /// <summary>Undoes <see cref="Arm"/> where the queue refused it.</summary>
    public void Disarm() => _registration.Dispose();

    /// <summary>A part of it has run, or failed. The last part ends it.</summary>
    public void Finish(int rows, int batchRows, GridError? error, TimeSpan queueTime)
    {
        if (error is not null)
        {
            Interlocked.CompareExchange(ref _error, error, null);
        }

        InterlockedMax(ref _largestBatch, batchRows);
        if (Interlocked.Add(ref _finished, rows) == Rows)
        {
            if (_error is null)
            {
                OnCompleted();
            }

            End(new RunResult(_error, WasInline: false, _largestBatch, queueTime));
        }
    }

    /// <summary>Ends it although nothing of it ran. It must be out of the queue.</summary>
    public void Abandon(GridError error) => End(new RunResult(error, WasInline: false, 0, default));

    RunResult IValueTaskSource<RunResult>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<RunResult>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<RunResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <summary>All of it has run: the last thing before the caller sees it, on a worker.</summary>
    protected virtual void OnCompleted() { }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    private void OnCancelled()
    {
        if (Model.Scheduler.TryRemove(this))
        {
            Model.Instruments.Refused(Model, "cancelled");
            Abandon(RunErrors.Cancelled(Model.Name));
        }
    }

    private void End(in RunResult result)
    {
        // Waits for a cancellation that runs right now; that one only finds the run gone. The scheduler's lock is never held here.
        _registration.Dispose();
        Volatile.Write(ref _busy, 0);
        _source.SetResult(result);
    }
}
