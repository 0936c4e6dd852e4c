using System.Collections.Immutable;
using System.Diagnostics;
using Grid.Inference.Diagnostics;
using Grid.Inference.Manifests;
using Grid.Inference.Rows;
using Grid.Inference.Scheduling;
using Grid.Inference.Signatures;
using Grid.Inference.Tensors;
using Grid.Primitives;
using Microsoft.ML.OnnxRuntime;

namespace Grid.Inference.Hosting;

/// <summary>
/// A session and all that serves it. Counted references keep it: one is the host's own, the others are leases, rented buffers and runs.
/// When the last is given back, it is disposed: bound memory first, then the session. Thread-safe.
/// </summary>
internal sealed class LoadedModel
{
    private readonly ModelHost _host;
    private readonly RunOptions _runOptions;
    private readonly InferenceSession _session;
    private readonly double _tensorNanoseconds;
    private readonly double _inlineBelow;
    private readonly long _defaultDeadline;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _references = 1;
    private long _lastUsed;
    private long _runs;
    private long _rows;
    private long _failures;

    public LoadedModel(ModelHost host, VersionKey key, Digest digest, ModelManifest? manifest, ModelSignature signature, InferenceSession session, RunOptions runOptions)
    {
        _host = host;
        _session = session;
        _runOptions = runOptions;
        Key = key;
        Name = key.ToString();
        Digest = digest;
        Manifest = manifest;
        Signature = signature;

        var limits = manifest?.Limits ?? new ManifestLimits();
        if (RowProbe.Layout(session, runOptions, signature, manifest) is { } layout)
        {
            var costs = host.Faults?.Cost is { } cost ? [.. layout.Buckets.Select(cost)] : RowProbe.Measure(session, runOptions, layout);
            Rows = new RowEngine(this, session, runOptions, layout, costs);
            Costs = [.. layout.Buckets.Zip(costs, static (b, c) => new BatchCost(b, c))];
        }
        else if (manifest is { Inputs.IsEmpty: false })
        {
            throw GridError.Invalid($"version '{Name}'", "failed to load: its outputs do not have one row for each row of its inputs.", "Leave 'inputs' out of the manifest and ask it by tensors.").ToException();
        }
        else
        {
            _tensorNanoseconds = TensorProbe.Measure(session, runOptions, signature);
        }

        _inlineBelow = limits.Inline switch
        {
            InlineMode.Always => double.PositiveInfinity,
            InlineMode.Never => 0,
            _ => host.Options.InlineBelowMicroseconds * 1000,
        };
        _defaultDeadline = (long)(limits.DeadlineMs * (host.Time.TimestampFrequency / 1000.0));
        _lastUsed = host.Time.GetTimestamp();
        Queue = new ReplicaQueue(this, host.Time, limits.Queue, Rows?.Layout.MaxBatch ?? 1);
        Delay = limits.MaxDelayMs > 0 && Rows is not null
            ? new BatchDelay(host.Time, TimeSpan.FromMilliseconds(limits.MaxDelayMs), () => host.Scheduler.OnDelayElapsed(this))
            : null;
    }

    public VersionKey Key { get; }

    public string Name { get; }

    public Digest Digest { get; }

    public ModelManifest? Manifest { get; }

    public ModelSignature Signature { get; }

    /// <summary>Null where rows cannot be asked of it.</summary>
    public RowEngine? Rows { get; }

    public ImmutableArray<BatchCost> Costs { get; } = [];

    public ReplicaQueue Queue { get; }

    public BatchDelay? Delay { get; }

    public long ChargedBytes { get; init; }

    public long MeasuredBytes { get; set; }

    public TimeProvider Time => _host.Time;

    public RunScheduler Scheduler => _host.Scheduler;

    public InferenceInstruments Instruments => _host.Instruments;

    public FaultPoints? Faults => _host.Faults;

    public bool HasOwnMetrics => _host.Options.MetricsPerModel;

    /// <summary>Ends when the session is gone.</summary>
    public Task Closed => _closed.Task;

    public long LastUsed => Volatile.Read(ref _lastUsed);

    public double NanosecondsPerRow => Rows?.Plan.NanosecondsPerRow ?? _tensorNanoseconds;

    public bool IsInline => Rows is not null && CostOf(1) < _inlineBelow;

    /// <summary>What that many rows cost, in nanoseconds; 0 where it is not known.</summary>
    public double CostOf(int rows) => Rows?.Plan.CostOf(rows) ?? _tensorNanoseconds;

    /// <summary>Takes a reference, unless the last one is gone.</summary>
    public bool TryAddReference()
    {
        var seen = Volatile.Read(ref _references);
        while (seen > 0)
        {
            var before = Interlocked.CompareExchange(ref _references, seen + 1, seen);
            if (before == seen)
            {
                Volatile.Write(ref _lastUsed, Time.GetTimestamp());
                return true;
            }

            seen = before;
        }

        return false;
    }

    public void Release()
    {
        var left = Interlocked.Decrement(ref _references);
        Debug.Assert(left >= 0, "A reference was given back twice.");
        if (left == 0)
        {
            _host.Post(Close);
        }
    }

    /// <summary>Takes the host's own reference away if there is no other. The caller then closes it.</summary>
    public bool TryCloseIdle() => Interlocked.CompareExchange(ref _references, 0, 1) == 1;

    /// <summary>Disposes everything; on the load thread, after the last reference.</summary>
    public void Close()
    {
        Delay?.Dispose();
        Rows?.Close();
        _session.Dispose();
        _runOptions.Dispose();
        _host.OnClosed(this);
        _closed.SetResult();
    }

    public ValueTask<RunResult> RunAsync(RowBuffer buffer, in RunContext context)
    {
        buffer.CheckRented();
        var run = buffer.Run;
        if (!ReferenceEquals(run.Model, this))
        {
            throw new InvalidOperationException($"The buffer was rented from version '{run.Model.Name}', not from '{Name}'.");
        }

        run.Begin(context);
        if (CheckStart(context) is { } refused || (refused = run.Block.Check(buffer.Rows, Name)) is not null)
        {
            return Refuse(run, refused);
        }

        // What waits goes first: a run on this thread would overtake it.
        if (CostOf(buffer.Rows) < _inlineBelow && Queue.Count == 0 && _host.Inline.TryEnter() is >= 0 and var slot)
        {
            return new ValueTask<RunResult>(RunInline(buffer, slot));
        }

        return Enqueue(run);
    }

    public async ValueTask<IReadOnlyList<Tensor>> RunTensorsAsync(IReadOnlyList<Tensor> inputs, IReadOnlyList<string>? outputs, RunContext context)
    {
        var names = TensorRules.Check(Name, Signature, inputs, outputs);
        if (CheckStart(context) is { } refused)
        {
            throw Count(refused).ToException();
        }

        // The lease that called may be given back before the run ends.
        if (!TryAddReference())
        {
            throw new ObjectDisposedException(nameof(Replica), $"The lease of '{Name}' was given back.");
        }

        try
        {
            var batch = Rows is not null && inputs[0].Shape.Length > 0 ? inputs[0].Shape[0] : 1;
            var run = new TensorRun(this, inputs, names, (int)Math.Clamp(batch, 1, Rows?.Layout.MaxBatch ?? 1));
            run.Begin(context);
            (await Enqueue(run).ConfigureAwait(false)).ThrowIfFailed();
            return run.Outputs;
        }
        finally
        {
            Release();
        }
    }

    public void RunRows(RowBlock block, int rows) => Rows!.Run(block, rows);

    public Tensor[] RunTensors(IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs) => TensorRunner.Run(_session, _runOptions, inputs, outputs);

    /// <summary>Counts a run that has ended.</summary>
    public void OnRan(int rows, TimeSpan duration, bool isInline, bool hasFailed)
    {
        Interlocked.Increment(ref _runs);
        Interlocked.Add(ref _rows, rows);
        if (hasFailed)
        {
            Interlocked.Increment(ref _failures);
        }

        Instruments.Ran(this, rows, duration, isInline, hasFailed);
    }

    public ModelStatus Describe(ModelState state) => new()
    {
        Key = Key,
        State = state,
        Digest = Digest,
        ChargedBytes = ChargedBytes,
        MeasuredBytes = MeasuredBytes,
        Costs = Costs,
        IsInline = IsInline,
        Waiting = Queue.Count,
        Idle = Time.GetElapsedTime(LastUsed),
        Runs = Interlocked.Read(ref _runs),
        Rows = Interlocked.Read(ref _rows),
        Failures = Interlocked.Read(ref _failures),
    };

    private GridError? CheckStart(in RunContext context)
    {
        if (context.CancellationToken.IsCancellationRequested)
        {
            return RunErrors.Cancelled(Name);
        }

        if (context.DeadlineTimestamp != 0 && Time.GetTimestamp() is var now && now >= context.DeadlineTimestamp)
        {
            return RunErrors.Expired(Name, Time.GetElapsedTime(context.DeadlineTimestamp, now).TotalMilliseconds);
        }

        return Scheduler.IsStopping ? RunErrors.Stopping(Name) : null;
    }

    private ValueTask<RunResult> Refuse(PendingRun run, GridError error)
    {
        run.EndInline();
        return new ValueTask<RunResult>(new RunResult(Count(error), WasInline: false, 0, default));
    }

    private GridError Count(GridError error)
    {
        Instruments.Refused(this, error.Code switch
        {
            GridErrorCode.Overloaded => "queue_full",
            GridErrorCode.DeadlineExceeded => "deadline",
            GridErrorCode.Cancelled => "cancelled",
            GridErrorCode.Unavailable => "stopping",
            _ => "invalid",
        });
        return error;
    }

    private ValueTask<RunResult> Enqueue(PendingRun run)
    {
        if (run.Deadline == 0)
        {
            run.Deadline = Time.GetTimestamp() + _defaultDeadline;
        }

        var task = run.Arm();
        if (Scheduler.Enqueue(run) is { } refused)
        {
            run.Disarm();
            return Refuse(run, refused);
        }

        return task;
    }

    private RunResult RunInline(RowBuffer buffer, int slot)
    {
        var start = Stopwatch.GetTimestamp();
        GridError? failure = null;
        try
        {
            Faults?.BeforeRun?.Invoke(Key, buffer.Rows);
            Rows!.Run(buffer.Run.Block, buffer.Rows);
            buffer.GatherValues();
        }
#pragma warning disable CA1031 // Whatever a model throws is its own failure, told to this caller by name.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failure = RunErrors.Failed(Name, exception);
        }
        finally
        {
            _host.Inline.Exit(slot);
            buffer.Run.EndInline();
        }

        OnRan(buffer.Rows, Stopwatch.GetElapsedTime(start), isInline: true, failure is not null);
        return new RunResult(failure, WasInline: true, buffer.Rows, default);
    }
}
