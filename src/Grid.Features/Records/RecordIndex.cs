using System.Numerics;

namespace Grid.Features.Records;

/// <summary>Addresses of one view's records by the hash of their key: an open-addressing table of (hash, address) pairs in one number. 11 to 21 bytes per record.</summary>
internal sealed class RecordIndex
{
    private ulong[] _table = new ulong[16];

    public int Count { get; private set; }

    public long Bytes => (long)_table.Length * 8;

    /// <summary>The addresses, in no order.</summary>
    public IEnumerable<uint> Addresses
    {
        get
        {
            foreach (var entry in _table)
            {
                if (entry != 0)
                {
                    yield return (uint)entry;
                }
            }
        }
    }

    /// <summary>The next record whose hash is the given one: start with <paramref name="probe"/> = <c>(int)hash</c>; 0 where there is no more.</summary>
    public uint Next(uint hash, ref uint probe)
    {
        var mask = (uint)_table.Length - 1;
        while (true)
        {
            var entry = _table[probe & mask];
            if (entry == 0)
            {
                return 0;
            }

            probe++;
            if ((uint)(entry >> 32) == hash)
            {
                return (uint)entry;
            }
        }
    }

    public void Add(uint hash, uint address)
    {
        // Three quarters full at most: probes stay short.
        if ((Count + 1) * 4L > _table.Length * 3L)
        {
            Grow();
        }

        Insert(_table, hash, address);
        Count++;
    }

    /// <summary>Makes room for so many records at once.</summary>
    public void Reserve(int count)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, count * 3L / 2));
        if (size > _table.Length)
        {
            Resize(size);
        }
    }

    private void Grow() => Resize(_table.Length * 2);

    private void Resize(int size)
    {
        var next = new ulong[size];
        foreach (var entry in _table)
        {
            if (entry != 0)
            {
                Insert(next, (uint)(entry >> 32), (uint)entry);
            }
        }

        _table = next;
    }

    private static void Insert(ulong[] table, uint hash, uint address)
    {
        var mask = (uint)table.Length - 1;
        var at = hash & mask;
        while (table[at] != 0)
        {
            at = (at + 1) & mask;
        }

        table[at] = ((ulong)hash << 32) | address;
    }
}
