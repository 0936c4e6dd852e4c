using Grid.Inference.Hosting;
using Grid.Primitives;

namespace Grid.Inference.Scheduling;

/// <summary>
/// What waits for one replica: bounded, one queue per tenant, served by deficit round robin over rows. When it is full, the tenant with the
/// most requests waiting gives up its newest one for a tenant with less. Guarded by the scheduler's lock, but for <see cref="Count"/>.
/// </summary>
internal sealed class ReplicaQueue
{
    private readonly Dictionary<string, TenantQueue> _tenants = new(StringComparer.Ordinal);

    /// <summary>Tenants in turn. One whose requests were all cancelled stays until its turn comes, so that removal needs no search.</summary>
    private readonly Queue<TenantQueue> _ring = new();

    private readonly LoadedModel _model;
    private readonly TimeProvider _time;
    private readonly int _capacity;
    private readonly int _maxBatch;
    private readonly int _quantum;
    private int _count;
    private int _rows;
    private int _activeTenants;

    public ReplicaQueue(LoadedModel model, TimeProvider time, int capacity, int maxBatch)
    {
        _model = model;
        _time = time;
        _capacity = capacity;
        _maxBatch = maxBatch;
        // A quarter of a run: four tenants share one, and a request never waits more than four turns for its quantum.
        _quantum = Math.Max(1, maxBatch / 4);
    }

    /// <summary>Requests that wait. May be read without the lock.</summary>
    public int Count => Volatile.Read(ref _count);

    public bool HasFullBatch => _rows >= _maxBatch;

    /// <summary>True while it is in the scheduler's ring of replicas that have work.</summary>
    public bool IsReady { get; set; }

    /// <summary>Why a request cannot come in, or null. <paramref name="displaced"/> is a request that was taken out for it; the caller ends it outside the lock.</summary>
    public GridError? TryAdd(PendingRun run, int workers, out PendingRun? displaced)
    {
        displaced = null;
        var now = _time.GetTimestamp();
        var tenant = _tenants.GetValueOrDefault(run.Context.Tenant);
        if (CheckDeadline(run, tenant, now, workers) is { } late)
        {
            return late;
        }

        if (_count >= _capacity && (displaced = FindDisplaced(tenant)) is null)
        {
            return RunErrors.QueueFull(_model.Name, _capacity, RetryAfterMs(workers));
        }

        if (displaced is not null)
        {
            Remove(displaced);
        }

        if (tenant is null)
        {
            tenant = new TenantQueue(run.Context.Tenant);
            _tenants.Add(tenant.Tenant, tenant);
            _ring.Enqueue(tenant);
        }

        _activeTenants += tenant.Count == 0 ? 1 : 0;
        run.EnqueuedAt = now;
        tenant.Append(run);
        _rows += run.Rows;
        Volatile.Write(ref _count, _count + 1);
        return null;
    }

    /// <summary>True where a request that must wait for the delay would miss its deadline by it.</summary>
    public bool IsUrgent(PendingRun run, TimeSpan delay) => run.Deadline - run.EnqueuedAt < ToTimestamp(delay.TotalNanoseconds + _model.CostOf(run.Rows));

    public GridError Displace(int workers) => RunErrors.Displaced(_model.Name, _capacity, RetryAfterMs(workers));

    /// <summary>Takes a request out that has not been started.</summary>
    public bool TryRemove(PendingRun run)
    {
        // One that is started in part ends with its last part.
        if (run.Queue is null || run.Taken > 0)
        {
            return false;
        }

        Remove(run);
        return true;
    }

    /// <summary>Takes rows for one run, and all requests that it meets and that are too late.</summary>
    public void Take(TakenBatch batch)
    {
        batch.Reset(_model);
        var now = _time.GetTimestamp();
        while (batch.Rows < _maxBatch && _ring.TryPeek(out var tenant))
        {
            if (tenant.Head is not { } run)
            {
                _ring.Dequeue();
                _tenants.Remove(tenant.Tenant);
                continue;
            }

            if (run.Taken == 0 && Judge(run, now) is { } error)
            {
                Remove(run);
                batch.Dropped.Add((run, error));
                continue;
            }

            if (!tenant.HasQuantum)
            {
                tenant.HasQuantum = true;
                tenant.Deficit += _quantum;
            }

            // What cannot share weighs at most a whole run; a request with more rows than one run takes several.
            var rows = run.CanShare ? Math.Min(run.Rows - run.Taken, _maxBatch) : run.Rows;
            var weight = Math.Min(rows, _maxBatch);
            if (weight > tenant.Deficit)
            {
                tenant.HasQuantum = false;
                _ring.Enqueue(_ring.Dequeue());
                continue;
            }

            if (batch.Slices.Count > 0 && (!run.CanShare || rows > _maxBatch - batch.Rows))
            {
                return;
            }

            tenant.Deficit -= weight;
            batch.Add(run, rows);
            MarkTaken(tenant, run, rows, now);
            if (!run.CanShare)
            {
                return;
            }
        }
    }

    /// <summary>Takes everything out that has not been started.</summary>
    public void Clear(List<PendingRun> removed)
    {
        foreach (var tenant in _tenants.Values)
        {
            for (var run = tenant.Tail; run is not null;)
            {
                var previous = run.Previous;
                if (TryRemove(run))
                {
                    removed.Add(run);
                }

                run = previous;
            }
        }
    }

    private void MarkTaken(TenantQueue tenant, PendingRun run, int rows, long now)
    {
        if (run.Taken == 0)
        {
            run.StartedAt = now;
        }

        run.Taken += rows;
        tenant.Rows -= rows;
        _rows -= rows;
        if (run.Taken == run.Rows)
        {
            Unlink(tenant, run);
        }
    }

    private void Remove(PendingRun run)
    {
        _rows -= run.Rows - run.Taken;
        Unlink(run.Queue!, run);
    }

    private void Unlink(TenantQueue tenant, PendingRun run)
    {
        tenant.Unlink(run);
        Volatile.Write(ref _count, _count - 1);
        if (tenant.Count == 0)
        {
            _activeTenants--;
            // An empty queue saves nothing up for later.
            tenant.Deficit = 0;
            tenant.HasQuantum = false;
        }
    }

    private GridError? Judge(PendingRun run, long now)
    {
        if (run.Context.CancellationToken.IsCancellationRequested)
        {
            return RunErrors.Cancelled(_model.Name);
        }

        return now >= run.Deadline ? RunErrors.Expired(_model.Name, _time.GetElapsedTime(run.Deadline, now).TotalMilliseconds) : null;
    }

    private GridError? CheckDeadline(PendingRun run, TenantQueue? tenant, long now, int workers)
    {
        if (now >= run.Deadline)
        {
            return RunErrors.Expired(_model.Name, _time.GetElapsedTime(run.Deadline, now).TotalMilliseconds);
        }

        // Tenants are served in turn: nobody waits for more than all that waits, nor for more than its own share of every tenant that waits.
        var own = tenant?.Rows ?? 0;
        var tenants = _activeTenants + (own == 0 ? 1 : 0);
        var ahead = Math.Min(_rows, (long)(own + run.Rows) * (tenants - 1) + own);
        var estimate = (ahead * _model.NanosecondsPerRow / workers) + _model.CostOf(run.Rows);
        return ToTimestamp(estimate) > run.Deadline - now
            ? RunErrors.CannotMakeIt(_model.Name, _time.GetElapsedTime(now, run.Deadline).TotalMilliseconds, estimate / 1e6)
            : null;
    }

    /// <summary>The newest request of the tenant with the most, if that one has more than the newcomer would have.</summary>
    private PendingRun? FindDisplaced(TenantQueue? newcomer)
    {
        var count = (newcomer?.Count ?? 0) + 1;
        // Above an equal share nobody can claim room; this spares the search where one tenant floods.
        if (count > _capacity / Math.Max(1, _activeTenants))
        {
            return null;
        }

        TenantQueue? most = null;
        foreach (var tenant in _ring)
        {
            if (tenant.Count > count && tenant.Count > (most?.Count ?? 0) && tenant.Tail is { Taken: 0 })
            {
                most = tenant;
            }
        }

        return most?.Tail;
    }

    private int RetryAfterMs(int workers) => (int)Math.Clamp(Math.Ceiling(_rows * _model.NanosecondsPerRow / workers / 1e6), 1, 60_000);

    private long ToTimestamp(double nanoseconds) => (long)(nanoseconds * _time.TimestampFrequency / 1e9);
}
