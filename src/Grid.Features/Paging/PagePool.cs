using Grid.Primitives;

namespace Grid.Features.Paging;

/// <summary>Page buffers, shared by the shards of a process and used again. Thread-safe. Buffers are pinned, so the garbage collector never moves or walks them.</summary>
public sealed class PagePool
{
    private readonly Lock _lock = new();
    private readonly Stack<byte[]> _free = new();
    private readonly int _maxPages;
    private int _rented;

    /// <param name="capacityBytes">What all shards together may use before they refuse events, at least one page; default: no limit.</param>
    public PagePool(long capacityBytes = long.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacityBytes, PageLayout.PageBytes);
        _maxPages = (int)Math.Min(int.MaxValue, capacityBytes / PageLayout.PageBytes);
    }

    /// <summary>Bytes in use by shards and their snapshots.</summary>
    public long RentedBytes
    {
        get
        {
            lock (_lock)
            {
                return (long)_rented * PageLayout.PageBytes;
            }
        }
    }

    /// <summary>Whether so many more pages are within the capacity. Shards ask before they take an event.</summary>
    internal bool HasRoom(int pages) => Volatile.Read(ref _rented) <= _maxPages - pages;

    /// <summary>A buffer, whatever the capacity: who has begun to change a record must be able to end.</summary>
    internal byte[] Rent()
    {
        lock (_lock)
        {
            _rented++;
            if (_free.TryPop(out var page))
            {
                return page;
            }
        }

        return GC.AllocateUninitializedArray<byte>(PageLayout.PageBytes, pinned: true);
    }

    internal void Return(byte[] page)
    {
        lock (_lock)
        {
            _rented--;
            _free.Push(page);
        }
    }

    internal GridError Full() => GridError.Overloaded(
        "feature memory",
        $"is full: {(long)_maxPages * PageLayout.PageBytes} bytes in use.",
        "Raise the capacity for feature pages, or move shards to another silo.",
        1000);
}
