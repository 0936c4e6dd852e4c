using System.Collections.Concurrent;

namespace Grid.Client.Http;

/// <summary>
/// Which process answered for an entity last. A hint may be wrong at any time; it then costs one attempt. Thread-safe.
/// Bounded by two tables: when the young one is full it becomes the old one, and what is used moves back.
/// </summary>
internal sealed class OwnerHints(int capacity, TimeProvider time)
{
    /// <summary>A process that could not be reached is left alone this long, so that each of its entities does not pay for finding out.</summary>
    internal static readonly TimeSpan BenchTime = TimeSpan.FromSeconds(30);

    /// <summary>More silos than this and the benches start anew.</summary>
    private const int MaxBenches = 1024;

    private readonly int _half = Math.Max(1, capacity / 2);
    private readonly ConcurrentDictionary<string, long> _benchedUntil = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private Dictionary<OwnerKey, Uri> _young = [];
    private Dictionary<OwnerKey, Uri> _old = [];

    public Uri? Find(OwnerKey key)
    {
        Uri? owner;
        lock (_lock)
        {
            if (!_young.TryGetValue(key, out owner))
            {
                if (!_old.TryGetValue(key, out owner))
                {
                    return null;
                }

                Put(key, owner);
            }
        }

        return IsBenched(owner) ? null : owner;
    }

    public void Remember(OwnerKey key, Uri owner)
    {
        if (capacity == 0)
        {
            return;
        }

        lock (_lock)
        {
            if (!_young.TryGetValue(key, out var known) || known != owner)
            {
                Put(key, owner);
            }
        }
    }

    public void Forget(OwnerKey key)
    {
        lock (_lock)
        {
            _young.Remove(key);
            _old.Remove(key);
        }
    }

    public void Bench(Uri owner)
    {
        if (_benchedUntil.Count >= MaxBenches)
        {
            _benchedUntil.Clear();
        }

        _benchedUntil[owner.Authority] = time.GetTimestamp() + (long)(BenchTime.TotalSeconds * time.TimestampFrequency);
    }

    /// <summary>Entities remembered now.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _young.Count + _old.Keys.Count(k => !_young.ContainsKey(k));
            }
        }
    }

    private bool IsBenched(Uri owner) => _benchedUntil.TryGetValue(owner.Authority, out var until) && time.GetTimestamp() < until;

    private void Put(OwnerKey key, Uri owner)
    {
        if (_young.Count >= _half && !_young.ContainsKey(key))
        {
            _old = _young;
            _young = [];
        }

        _young[key] = owner;
    }
}
