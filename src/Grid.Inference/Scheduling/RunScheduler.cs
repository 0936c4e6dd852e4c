using Grid.Inference.Hosting;
using Grid.Primitives;

namespace Grid.Inference.Scheduling;

/// <summary>
/// The queues of all replicas and the threads that empty them, replica by replica in turn. One lock guards all queues: it is held for some
/// hundred nanoseconds per request, and cheap models pass it by on their callers' threads.
/// </summary>
internal sealed class RunScheduler
{
    private const long Idle = long.MinValue;

    private readonly object _lock = new();

    /// <summary>Replicas that have work, in turn.</summary>
    private readonly Queue<LoadedModel> _ready = new();

    /// <summary>Replicas that wait for their manifest's delay.</summary>
    private readonly HashSet<LoadedModel> _delayed = [];

    private readonly Thread[] _threads;

    /// <summary>When each worker began the run it is in, by the clock of <see cref="_time"/>; <see cref="Idle"/> for one that waits. Each is written by its own worker alone.</summary>
    private readonly long[] _since;

    private readonly TimeProvider _time;
    private readonly int _workers;
    private volatile bool _isStopping;
    private int _running;
    private TaskCompletionSource? _drained;

    /// <param name="workers">Threads to start.</param>
    /// <param name="isStepped">Start none: the test takes every batch itself.</param>
    /// <param name="time">Measures how long runs are under way.</param>
    public RunScheduler(int workers, bool isStepped, TimeProvider time)
    {
        _workers = workers;
        _time = time;
        _since = new long[workers];
        Array.Fill(_since, Idle);
        _threads = isStepped ? [] : new Thread[workers];
        for (var i = 0; i < _threads.Length; i++)
        {
            var worker = i;
            _threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"grid-inference-{i}" };
            _threads[i].Start();
        }
    }

    public bool IsStopping => _isStopping;

    /// <summary>Workers that are in a run.</summary>
    public int Busy => _since.Count(static since => since != Idle);

    /// <summary>How long the oldest run of a worker has been under way; zero where none is.</summary>
    public TimeSpan OldestRun => Ages().DefaultIfEmpty().Max();

    /// <summary>How long no worker has come free, where all of them are in a run; zero where one waits for work.</summary>
    public TimeSpan AllBusyFor => Ages() is { Count: > 0 } ages && ages.Count == _workers ? ages.Min() : TimeSpan.Zero;

    /// <summary>Requests that wait in all queues.</summary>
    public int Waiting { get; private set; }

    /// <summary>Why it was refused, or null.</summary>
    public GridError? Enqueue(PendingRun run)
    {
        var model = run.Model;
        PendingRun? displaced;
        lock (_lock)
        {
            if (_isStopping)
            {
                return RunErrors.Stopping(model.Name);
            }

            // Under the lock: a cancellation after this finds the run in the queue.
            if (run.Context.CancellationToken.IsCancellationRequested)
            {
                return RunErrors.Cancelled(model.Name);
            }

            if (model.Queue.TryAdd(run, _workers, out displaced) is { } refused)
            {
                return refused;
            }

            Waiting += displaced is null ? 1 : 0;
            if (model.Delay is not { } delay || model.Queue.HasFullBatch || model.Queue.IsUrgent(run, delay.Time))
            {
                Schedule(model);
            }
            else if (!model.Queue.IsReady && _delayed.Add(model))
            {
                delay.Start();
            }
        }

        if (displaced is not null)
        {
            model.Instruments.Refused(model, "displaced");
            displaced.Abandon(model.Queue.Displace(_workers));
        }

        return null;
    }

    public bool TryRemove(PendingRun run)
    {
        lock (_lock)
        {
            if (!run.Model.Queue.TryRemove(run))
            {
                return false;
            }

            Waiting--;
            SignalDrained();
            return true;
        }
    }

    /// <summary>The manifest's delay of a replica is over.</summary>
    public void OnDelayElapsed(LoadedModel model)
    {
        lock (_lock)
        {
            if (_delayed.Contains(model))
            {
                Schedule(model);
            }
        }
    }

    /// <summary>Runs one batch on the calling thread; false where nothing waits. For tests that step the workers.</summary>
    public bool TryStep()
    {
        var batch = new TakenBatch();
        lock (_lock)
        {
            if (!TryTake(batch))
            {
                return false;
            }
        }

        Run(batch);
        return true;
    }

    /// <summary>Takes nothing more in; ends when all that waits has run, or, once the token is cancelled, has been refused by name.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task drained;
        lock (_lock)
        {
            _isStopping = true;
            // Nobody else will come to share a run with those that wait for it.
            foreach (var model in _delayed.ToArray())
            {
                Schedule(model);
            }

            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            drained = _drained.Task;
            SignalDrained();
        }

        var registration = cancellationToken.UnsafeRegister(static s => ((RunScheduler)s!).RefuseAll(), this);
        await using (registration.ConfigureAwait(false))
        {
            await drained.ConfigureAwait(false);
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }
    }

    private void RefuseAll()
    {
        var removed = new List<PendingRun>();
        lock (_lock)
        {
            foreach (var model in _ready)
            {
                model.Queue.Clear(removed);
            }

            Waiting -= removed.Count;
        }

        foreach (var run in removed)
        {
            run.Model.Instruments.Refused(run.Model, "stopping");
            run.Abandon(RunErrors.Stopping(run.Model.Name));
        }

        lock (_lock)
        {
            SignalDrained();
        }
    }

    private void Schedule(LoadedModel model)
    {
        _delayed.Remove(model);
        if (!model.Queue.IsReady)
        {
            model.Queue.IsReady = true;
            _ready.Enqueue(model);
            Monitor.Pulse(_lock);
        }
    }

    private List<TimeSpan> Ages()
    {
        var ages = new List<TimeSpan>(_since.Length);
        for (var i = 0; i < _since.Length; i++)
        {
            if (Volatile.Read(ref _since[i]) is var since && since != Idle)
            {
                ages.Add(_time.GetElapsedTime(since));
            }
        }

        return ages;
    }

    private void Work(int worker)
    {
        var batch = new TakenBatch();
        while (true)
        {
            lock (_lock)
            {
                while (!TryTake(batch))
                {
                    if (_drained is { Task.IsCompleted: true })
                    {
                        return;
                    }

                    Monitor.Wait(_lock);
                }
            }

            Volatile.Write(ref _since[worker], _time.GetTimestamp());
            Run(batch);
            Volatile.Write(ref _since[worker], Idle);
        }
    }

    private bool TryTake(TakenBatch batch)
    {
        while (_ready.TryDequeue(out var model))
        {
            var before = model.Queue.Count;
            model.Queue.Take(batch);
            Waiting -= before - model.Queue.Count;
            model.Queue.IsReady = model.Queue.Count > 0;
            if (model.Queue.IsReady)
            {
                // Behind the others: replicas take turns too. Another worker may serve it meanwhile.
                _ready.Enqueue(model);
                Monitor.Pulse(_lock);
            }

            if (batch.Slices.Count > 0 || batch.Dropped.Count > 0)
            {
                _running++;
                return true;
            }
        }

        SignalDrained();
        return false;
    }

    private void Run(TakenBatch batch)
    {
        BatchRunner.Run(batch);
        lock (_lock)
        {
            _running--;
            SignalDrained();
        }
    }

    private void SignalDrained()
    {
        if (_isStopping && _running == 0 && Waiting == 0 && _drained is { Task.IsCompleted: false })
        {
            _drained.SetResult();
            Monitor.PulseAll(_lock);
        }
    }
}
