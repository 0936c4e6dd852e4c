using System.IO.Hashing;
using System.Runtime.InteropServices;
using Grid.Features.Paging;
using Grid.Features.Records;

namespace Grid.Features.Shards;

/// <summary>
/// The idempotency keys of a shard for their retention: 128-bit hashes in order of receipt, in slots of the shard's pages (so that snapshots carry only what is new), and a table of them.
/// A slot: 4 bytes newer slot, 4 keys, 8 latest receipt; then 24 bytes a key. A slot is given up when all its keys are too old, so a key is known for at least the retention.
/// </summary>
internal sealed class KeyWindow(PageStore pages)
{
    private const int SlotBytes = 4064;
    private const int HeaderBytes = 16;
    private const int EntryBytes = 24;
    private const int EntriesPerSlot = (SlotBytes - HeaderBytes) / EntryBytes;

    private UInt128[] _table = new UInt128[64];
    private uint _oldest;
    private uint _newest;
    private long _latest = RecordLayout.NoTime;

    public int Count { get; private set; }

    public static UInt128 HashOf(ReadOnlySpan<byte> key)
    {
        var hash = XxHash128.HashToUInt128(key);

        // Zero marks a free place in the table.
        return hash == 0 ? 1 : hash;
    }

    public bool Contains(UInt128 hash)
    {
        var mask = (uint)_table.Length - 1;
        for (var at = (uint)hash & mask; _table[at] != 0; at = (at + 1) & mask)
        {
            if (_table[at] == hash)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes in a key, and gives up slots that are older than the retention by the latest receipt.</summary>
    public void Add(UInt128 hash, long receivedMs, long retentionMs)
    {
        if (Contains(hash))
        {
            return;
        }

        if (_newest == 0 || RecordLayout.At<int>(pages.Write(_newest, SlotBytes), 4) == EntriesPerSlot)
        {
            var added = pages.Allocate(SlotKind.Keys, SlotBytes);
            RecordLayout.At<long>(pages.Write(added, SlotBytes), 8) = RecordLayout.NoTime;
            if (_newest == 0)
            {
                _oldest = added;
            }
            else
            {
                RecordLayout.At<uint>(pages.Write(_newest, SlotBytes), 0) = added;
            }

            _newest = added;
        }

        var slot = pages.Write(_newest, SlotBytes);
        ref var count = ref RecordLayout.At<int>(slot, 4);
        var at = HeaderBytes + (count * EntryBytes);
        RecordLayout.At<UInt128>(slot, at) = hash;
        RecordLayout.At<long>(slot, at + 16) = receivedMs;
        count++;
        ref var latestInSlot = ref RecordLayout.At<long>(slot, 8);
        latestInSlot = Math.Max(latestInSlot, receivedMs);
        _latest = Math.Max(_latest, receivedMs);
        Insert(hash);
        Trim(_latest - retentionMs);
    }

    public void Save(ByteBuffer buffer)
    {
        buffer.Int32((int)_oldest);
        buffer.Int32((int)_newest);
        buffer.Int64(_latest);
        buffer.Int32(Count);
    }

    public void Load(ref ByteCursor cursor)
    {
        _oldest = (uint)cursor.Int32();
        _newest = (uint)cursor.Int32();
        _latest = cursor.Int64();
        var count = cursor.Int32();
        for (var slot = _oldest; slot != 0; slot = Newer(slot))
        {
            CheckSlot(slot, ref cursor);
            foreach (var (hash, _) in Entries(slot))
            {
                Insert(hash);
            }
        }

        if (Count != count)
        {
            throw cursor.Corrupt($"names {count} keys where its pages hold {Count}");
        }
    }

    public void WriteLogical(ByteBuffer buffer)
    {
        for (var slot = _oldest; slot != 0; slot = Newer(slot))
        {
            foreach (var (hash, receivedMs) in Entries(slot))
            {
                buffer.Int64((long)(hash >> 64));
                buffer.Int64((long)hash);
                buffer.Int64(receivedMs);
            }
        }
    }

    private void CheckSlot(uint slot, ref ByteCursor cursor)
    {
        var page = PageLayout.PageOf(slot);
        if (page >= pages.End || !pages.IsLive(page) || PageLayout.KindOf(PageLayout.SlotClass(pages.Page(page))) != SlotKind.Keys)
        {
            throw cursor.Corrupt($"names slot {slot:x8} of keys, which is none");
        }
    }

    private uint Newer(uint slot) => MemoryMarshal.Read<uint>(pages.Read(slot, HeaderBytes));

    private (UInt128 Hash, long ReceivedMs)[] Entries(uint slot)
    {
        var bytes = pages.Read(slot, SlotBytes);
        var entries = new (UInt128, long)[MemoryMarshal.Read<int>(bytes[4..])];
        for (var i = 0; i < entries.Length; i++)
        {
            var at = bytes[(HeaderBytes + (i * EntryBytes))..];
            entries[i] = (MemoryMarshal.Read<UInt128>(at), MemoryMarshal.Read<long>(at[16..]));
        }

        return entries;
    }

    private void Trim(long cutoffMs)
    {
        while (_oldest != _newest && MemoryMarshal.Read<long>(pages.Read(_oldest, HeaderBytes)[8..]) < cutoffMs)
        {
            var slot = pages.Read(_oldest, SlotBytes);
            var count = MemoryMarshal.Read<int>(slot[4..]);
            for (var i = 0; i < count; i++)
            {
                Remove(MemoryMarshal.Read<UInt128>(slot[(HeaderBytes + (i * EntryBytes))..]));
            }

            var next = MemoryMarshal.Read<uint>(slot);
            pages.Free(_oldest);
            _oldest = next;
        }
    }

    private void Insert(UInt128 hash)
    {
        if ((Count + 1) * 4L > _table.Length * 3L)
        {
            var old = _table;
            _table = new UInt128[old.Length * 2];
            foreach (var entry in old)
            {
                if (entry != 0)
                {
                    Place(entry);
                }
            }
        }

        Place(hash);
        Count++;
    }

    private void Place(UInt128 hash)
    {
        var mask = (uint)_table.Length - 1;
        var at = (uint)hash & mask;
        while (_table[at] != 0)
        {
            at = (at + 1) & mask;
        }

        _table[at] = hash;
    }

    private void Remove(UInt128 hash)
    {
        var mask = (uint)_table.Length - 1;
        var hole = (uint)hash & mask;
        while (_table[hole] != hash)
        {
            hole = (hole + 1) & mask;
        }

        // Entries behind the hole move up where their own place is not between it and them.
        for (var at = (hole + 1) & mask; _table[at] != 0; at = (at + 1) & mask)
        {
            var home = (uint)_table[at] & mask;
            if (((at - home) & mask) >= ((at - hole) & mask))
            {
                _table[hole] = _table[at];
                hole = at;
            }
        }

        _table[hole] = 0;
        Count--;
    }
}
