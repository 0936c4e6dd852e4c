namespace Grid.Features.Paging;

/// <summary>
/// The pages of one shard: slots by address, and which pages changed since the last snapshot. One writer at a time.
/// A page that a snapshot under way holds is copied before it changes, so a span from <see cref="Read"/> or <see cref="Write"/> is good only until the next
/// call of <see cref="Write"/>, <see cref="Allocate"/> or <see cref="Free"/> that may touch its page.
/// </summary>
internal sealed class PageStore(PagePool pool) : IDisposable
{
    private const byte Dirty = 1;
    private const byte Frozen = 2;
    private const int None = -1;

    private readonly Stack<int> _freeIds = new();
    private readonly int[] _withRoom = NoPages();
    private byte[]?[] _pages = new byte[8][];
    private byte[] _flags = new byte[8];
    private int[] _next = new int[8];
    private long[] _checksums = new long[8];

    // Page 0 is never used, so that address 0 is none.
    private int _end = 1;
    private int _live;

    public long Bytes => (long)_live * PageLayout.PageBytes;

    /// <summary>One more than the greatest page id in use.</summary>
    public int End => _end;

    public bool IsLive(int page) => _pages[page] is not null;

    public ReadOnlySpan<byte> Page(int page) => _pages[page];

    public ReadOnlySpan<byte> Read(uint address, int bytes) => _pages[PageLayout.PageOf(address)].AsSpan(PageLayout.OffsetOf(address), bytes);

    public Span<byte> Write(uint address, int bytes) => Writable(PageLayout.PageOf(address)).AsSpan(PageLayout.OffsetOf(address), bytes);

    /// <summary>A slot of at least the size, all zero.</summary>
    public uint Allocate(SlotKind kind, int bytes)
    {
        var slotClass = PageLayout.ClassOf(kind, bytes);
        var id = _withRoom[slotClass];
        if (id == None)
        {
            id = AddPage(slotClass);
        }

        var page = Writable(id);
        var slot = PageLayout.Take(page);
        if (PageLayout.Used(page) == PageLayout.SlotsPerPage(slotClass))
        {
            _withRoom[slotClass] = _next[id];
        }

        return PageLayout.AddressOf(id, slotClass, slot);
    }

    /// <summary>Clears the slot, so that nothing of it is ever stored again.</summary>
    public void Free(uint address)
    {
        var id = PageLayout.PageOf(address);
        var page = Writable(id);
        var slotClass = PageLayout.SlotClass(page);
        var wasFull = PageLayout.Used(page) == PageLayout.SlotsPerPage(slotClass);
        PageLayout.Release(page, address);
        page.AsSpan(PageLayout.OffsetOf(address), PageLayout.SlotBytes(slotClass)).Clear();
        if (PageLayout.Used(page) == 0)
        {
            if (!wasFull)
            {
                Unlink(id, slotClass);
            }

            RemovePage(id);
        }
        else if (wasFull)
        {
            _next[id] = _withRoom[slotClass];
            _withRoom[slotClass] = id;
        }
    }

    /// <summary>Hands out every page that changed since the last snapshot; from now on they are copied before they change.</summary>
    public List<FrozenPage> Freeze()
    {
        var frozen = new List<FrozenPage>();
        for (var id = 1; id < _end; id++)
        {
            if (_pages[id] is { } page && (_flags[id] & Dirty) != 0)
            {
                _flags[id] = Frozen;
                frozen.Add(new FrozenPage(id, page));
            }
        }

        return frozen;
    }

    /// <summary>Takes back the pages of a snapshot. Those that changed meanwhile have a newer copy here, and the old one goes to the pool.</summary>
    /// <param name="stored">Whether they are stored; otherwise they count as changed again.</param>
    public void Thaw(List<FrozenPage> frozen, bool stored)
    {
        foreach (var (id, page, checksum) in frozen)
        {
            if (id < _end && ReferenceEquals(_pages[id], page))
            {
                _flags[id] = stored ? (byte)0 : Dirty;
                _checksums[id] = checksum;
            }
            else
            {
                pool.Return(page);
            }
        }
    }

    /// <summary>Checksums by page id as of the last stored snapshot; 0 for ids without a page.</summary>
    public long[] CopyChecksums()
    {
        var copy = new long[_end];
        for (var id = 1; id < _end; id++)
        {
            copy[id] = _pages[id] is null ? 0 : _checksums[id];
        }

        return copy;
    }

    /// <summary>Puts back a stored page; ids in rising order, all before <see cref="FinishRestore"/>.</summary>
    public void Restore(int id, ReadOnlySpan<byte> content, long checksum)
    {
        Grow(id);
        var page = pool.Rent();
        content.CopyTo(page);
        _pages[id] = page;
        _checksums[id] = checksum;
        _end = id + 1;
        _live++;
    }

    public void FinishRestore()
    {
        for (var id = _end - 1; id >= 1; id--)
        {
            if (_pages[id] is not { } page)
            {
                _freeIds.Push(id);
            }
            else if (PageLayout.SlotClass(page) is var slotClass && PageLayout.Used(page) < PageLayout.SlotsPerPage(slotClass))
            {
                _next[id] = _withRoom[slotClass];
                _withRoom[slotClass] = id;
            }
        }
    }

    /// <summary>Gives the pages to the pool. Those of a snapshot under way go there when it ends.</summary>
    public void Dispose()
    {
        for (var id = 1; id < _end; id++)
        {
            if (_pages[id] is { } page && (_flags[id] & Frozen) == 0)
            {
                pool.Return(page);
            }

            _pages[id] = null;
        }

        _live = 0;
    }

    private static int[] NoPages()
    {
        var pages = new int[PageLayout.Classes];
        Array.Fill(pages, None);
        return pages;
    }

    private byte[] Writable(int id)
    {
        var page = _pages[id]!;
        if (_flags[id] == Dirty)
        {
            return page;
        }

        if ((_flags[id] & Frozen) != 0)
        {
            var copy = pool.Rent();
            page.AsSpan().CopyTo(copy);
            _pages[id] = page = copy;
        }

        _flags[id] = Dirty;
        return page;
    }

    private int AddPage(int slotClass)
    {
        var page = pool.Rent();
        if (!_freeIds.TryPop(out var id))
        {
            id = _end;
            if (id == PageLayout.MaxPages)
            {
                pool.Return(page);
                throw pool.Full().ToException();
            }

            Grow(id);
            _end++;
        }

        PageLayout.Initialize(page, slotClass);
        _pages[id] = page;
        _flags[id] = Dirty;
        _checksums[id] = 0;
        _next[id] = _withRoom[slotClass];
        _withRoom[slotClass] = id;
        _live++;
        return id;
    }

    private void RemovePage(int id)
    {
        // Writable has just been called: the buffer is this store's own.
        pool.Return(_pages[id]!);
        _pages[id] = null;
        _flags[id] = 0;
        _freeIds.Push(id);
        _live--;
    }

    private void Unlink(int id, int slotClass)
    {
        if (_withRoom[slotClass] == id)
        {
            _withRoom[slotClass] = _next[id];
            return;
        }

        for (var at = _withRoom[slotClass]; at != None; at = _next[at])
        {
            if (_next[at] == id)
            {
                _next[at] = _next[id];
                return;
            }
        }
    }

    private void Grow(int id)
    {
        if (id < _pages.Length)
        {
            return;
        }

        var size = Math.Max(id + 1, _pages.Length * 2);
        Array.Resize(ref _pages, size);
        Array.Resize(ref _flags, size);
        Array.Resize(ref _next, size);
        Array.Resize(ref _checksums, size);
    }
}
