using System.Collections.Concurrent;

namespace Grid.Grains.Monitoring;

/// <summary>The latest of what is worth keeping until the next report; beyond the capacity the oldest go. Thread-safe, never waits.</summary>
/// <param name="capacity">0 keeps none.</param>
internal sealed class RecentQueue<T>(int capacity)
{
    private readonly ConcurrentQueue<T> _items = new();
    private int _count;

    public void Add(T item)
    {
        if (capacity == 0)
        {
            return;
        }

        _items.Enqueue(item);
        if (Interlocked.Increment(ref _count) > capacity && _items.TryDequeue(out _))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    public T[] Take()
    {
        var taken = new List<T>();
        while (taken.Count < capacity && _items.TryDequeue(out var item))
        {
            Interlocked.Decrement(ref _count);
            taken.Add(item);
        }

        return [.. taken];
    }
}
