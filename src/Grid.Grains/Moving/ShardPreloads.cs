using Grid.Primitives;

namespace Grid.Grains.Moving;

/// <summary>Shards that were read ahead and whose hand-over is awaited: a few, for a short time. Thread-safe.</summary>
internal sealed class ShardPreloads(TimeProvider time)
{
    /// <summary>Shards at a time, kept or being read: each holds its pages twice in the cluster.</summary>
    public const int Most = 32;

    /// <summary>A hand-over takes seconds at the most; what was not fetched by then is old.</summary>
    private static readonly TimeSpan KeepFor = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<ShardKey, PreloadedShard> _kept = [];
    private int _reserved;
    private long _used;

    /// <summary>Owners that began with what was read ahead, since the silo started.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>Takes a place while a shard is read. Dispose it once the shard is kept, or was not read.</summary>
    /// <exception cref="GridException">Overloaded: all places are taken.</exception>
    public IDisposable Reserve(ShardKey shard)
    {
        lock (_lock)
        {
            if (_kept.Count + _reserved >= Most)
            {
                throw GridError.Overloaded($"shard {shard}", $"cannot be read ahead here: {_kept.Count + _reserved} others are, the most at a time.", "Move fewer shards to one silo at once.", retryAfterMs: 1000).ToException();
            }

            _reserved++;
        }

        return new Place(this);
    }

    /// <summary>Keeps a shard until it is taken, or too old. An older one of the same shard goes.</summary>
    public void Keep(PreloadedShard shard)
    {
        PreloadedShard? before;
        lock (_lock)
        {
            _kept.Remove(shard.Shard, out before);
            _kept.Add(shard.Shard, shard);
        }

        before?.State.Dispose();
        _ = ForgetAsync(shard);
    }

    /// <summary>Gives the shard to its new owner, once; null if it is not here.</summary>
    public PreloadedShard? Take(ShardKey shard)
    {
        lock (_lock)
        {
            return _kept.Remove(shard, out var kept) ? kept : null;
        }
    }

    /// <summary>An owner began with what it took.</summary>
    public void CountUsed() => Interlocked.Increment(ref _used);

    private async Task ForgetAsync(PreloadedShard shard)
    {
        await Task.Delay(KeepFor, time);
        lock (_lock)
        {
            if (!_kept.TryGetValue(shard.Shard, out var kept) || !ReferenceEquals(kept, shard))
            {
                return;
            }

            _kept.Remove(shard.Shard);
        }

        shard.State.Dispose();
    }

    private sealed class Place(ShardPreloads preloads) : IDisposable
    {
        public void Dispose()
        {
            lock (preloads._lock)
            {
                preloads._reserved--;
            }
        }
    }
}
