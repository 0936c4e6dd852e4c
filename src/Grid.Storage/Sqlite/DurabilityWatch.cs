using Grid.Primitives;

namespace Grid.Storage.Sqlite;

/// <summary>
/// Tells those who wait for a block of a shard when to look again: when it is durable, or when the shard has another owner. Signals
/// may be false, so whoever is signalled reads the owner row. Thread-safe.
/// </summary>
internal sealed class DurabilityWatch
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ShardKey, List<Waiter>> _waiters = [];
    private volatile bool _isWatched;

    /// <summary>Begins to wait. Whoever waits registers first and reads the owner row next, so that no signal falls between.</summary>
    public Waiter Register(ShardKey shard, long sequence)
    {
        var waiter = new Waiter(this, shard, sequence);
        lock (_lock)
        {
            if (!_waiters.TryGetValue(shard, out var list))
            {
                _waiters.Add(shard, list = []);
            }

            list.Add(waiter);
            _isWatched = true;
        }

        return waiter;
    }

    /// <summary>A block of the shard became durable.</summary>
    public void Committed(ShardKey shard, long sequence)
    {
        if (_isWatched)
        {
            Signal(shard, sequence);
        }
    }

    /// <summary>The shard's owner may be another one now.</summary>
    public void OwnerChanged(ShardKey shard)
    {
        if (_isWatched)
        {
            Signal(shard, long.MaxValue);
        }
    }

    /// <summary>The store is closing: whoever waits shall look and find it closed.</summary>
    public void Close()
    {
        lock (_lock)
        {
            foreach (var waiter in _waiters.Values.SelectMany(static list => list))
            {
                waiter.Reached(long.MaxValue);
            }
        }
    }

    private void Signal(ShardKey shard, long sequence)
    {
        lock (_lock)
        {
            if (_waiters.TryGetValue(shard, out var list))
            {
                foreach (var waiter in list)
                {
                    waiter.Reached(sequence);
                }
            }
        }
    }

    private void Remove(Waiter waiter)
    {
        lock (_lock)
        {
            if (_waiters.TryGetValue(waiter.Shard, out var list) && list.Remove(waiter) && list.Count == 0)
            {
                _waiters.Remove(waiter.Shard);
                _isWatched = _waiters.Count > 0;
            }
        }
    }

    /// <summary>One wait; disposing it ends it.</summary>
    internal sealed class Waiter(DurabilityWatch watch, ShardKey shard, long sequence) : IDisposable
    {
        private readonly TaskCompletionSource _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ShardKey Shard { get; } = shard;

        public Task WaitAsync(CancellationToken cancellationToken) => _signal.Task.WaitAsync(cancellationToken);

        public void Reached(long reached)
        {
            if (reached >= sequence)
            {
                _signal.TrySetResult();
            }
        }

        public void Dispose() => watch.Remove(this);
    }
}
