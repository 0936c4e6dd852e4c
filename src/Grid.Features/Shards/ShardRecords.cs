using System.Globalization;
using Grid.Features.Paging;
using Grid.Features.Plans;
using Grid.Features.Records;
using Grid.Primitives;

namespace Grid.Features.Shards;

/// <summary>The records of a shard, a table for each view of its plan.</summary>
internal sealed class ShardRecords
{
    private readonly PageStore _pages;
    private readonly SeriesWriter _series;
    private readonly RecordWriter _writer;
    private RecordTable[] _tables = [];
    private int _nextSlot;

    public ShardRecords(FeaturePlan plan, PageStore pages)
    {
        _pages = pages;
        _series = new SeriesWriter(pages);
        _writer = new RecordWriter(_series);
        Plan = plan;
        _tables = [.. plan.Views.Select(NewTable)];
    }

    public FeaturePlan Plan { get; private set; }

    /// <summary>By ordinal of the view.</summary>
    public ReadOnlySpan<RecordTable> Tables => _tables;

    public RecordTable Table(ViewPlan view) => _tables[view.Ordinal];

    /// <summary>Puts an event into the views of the mask.</summary>
    public void Apply(EventPlan plan, ulong taken, long timeMs, ulong source, long position, EventValues values, ReadOnlySpan<byte> row)
    {
        for (var i = 0; i < plan.Consumers.Length; i++)
        {
            if (((taken >> i) & 1) != 0)
            {
                var consumer = plan.Consumers[i];
                var key = consumer.EntityField < 0 ? default : values.Text(consumer.EntityField, row);
                _writer.Apply(_tables[consumer.View.Ordinal], consumer, key, timeMs, source, position, values, row);
            }
        }
    }

    /// <summary>Goes over to another plan: the same views keep their records, changed ones take over what they can, the others go.</summary>
    /// <param name="shards">With more than one, a view with another partition key cannot take over: its entities live elsewhere now.</param>
    public void Switch(FeaturePlan next, int shards)
    {
        var old = _tables.ToDictionary(static t => t.View.Name, StringComparer.Ordinal);
        var tables = new RecordTable[next.Views.Count];
        for (var i = 0; i < tables.Length; i++)
        {
            var view = next.Views[i];
            if (!old.Remove(view.Name, out var before))
            {
                tables[i] = NewTable(view);
            }
            else if (before.View.Digest == view.Digest)
            {
                before.View = view;
                tables[i] = before;
            }
            else
            {
                tables[i] = NewTable(view);
                if (RecordMigration.CanTakeOver(before.View, view, shards))
                {
                    new RecordMigration(_pages, _series, before, tables[i]).Run();
                }

                before.FreeAll();
            }
        }

        foreach (var removed in old.Values)
        {
            removed.FreeAll();
        }

        _tables = tables;
        Plan = next;
    }

    public void Save(ByteBuffer buffer)
    {
        buffer.Varint((uint)_nextSlot);
        buffer.Varint((uint)_tables.Length);
        foreach (var table in _tables)
        {
            buffer.Varint(table.Slot);
            buffer.Text(table.View.Name);
            buffer.Digest(table.View.Digest);
            buffer.Varint((uint)table.Index.Count);
        }
    }

    /// <summary>Finds the records again in the restored pages.</summary>
    public void Load(ref ByteCursor cursor)
    {
        // 1. Which views have which slots.
        var nextSlot = (int)cursor.Varint();
        var count = cursor.Count();
        if (count != _tables.Length)
        {
            throw cursor.Corrupt($"names {count} views where the plan has {_tables.Length}");
        }

        var bySlot = new Dictionary<int, RecordTable>();
        var counts = new int[count];
        for (var i = 0; i < count; i++)
        {
            var slot = (int)cursor.Varint();
            var name = cursor.Text();
            var digest = cursor.Digest();
            counts[i] = (int)cursor.Varint();
            if (_tables[i].View.Name != name || _tables[i].View.Digest != digest)
            {
                throw cursor.Corrupt($"names view '{name}' of {digest} where the plan has '{_tables[i].View.Name}' of {_tables[i].View.Digest}");
            }

            _tables[i] = new RecordTable(_tables[i].View, (ushort)slot, _pages, _series);
            _tables[i].Index.Reserve(counts[i]);
            bySlot.Add(slot, _tables[i]);
        }

        _nextSlot = nextSlot;

        // 2. Every used slot of a record page is a record.
        for (var id = 1; id < _pages.End; id++)
        {
            if (_pages.IsLive(id))
            {
                LoadPage(id, bySlot, ref cursor);
            }
        }

        for (var i = 0; i < count; i++)
        {
            if (_tables[i].Index.Count != counts[i])
            {
                throw cursor.Corrupt($"counts {counts[i]} records of view '{_tables[i].View.Name}' where the pages hold {_tables[i].Index.Count}");
            }
        }
    }

    private void LoadPage(int id, Dictionary<int, RecordTable> bySlot, ref ByteCursor cursor)
    {
        var page = _pages.Page(id);
        var slotClass = PageLayout.SlotClass(page);
        if (PageLayout.KindOf(slotClass) != SlotKind.Record)
        {
            return;
        }

        for (var slot = 0; slot < PageLayout.SlotsPerPage(slotClass); slot++)
        {
            if (!PageLayout.IsUsed(page, slot))
            {
                continue;
            }

            var address = PageLayout.AddressOf(id, slotClass, slot);
            var header = _pages.Read(address, ViewPlan.RecordHeaderSize);
            if (!bySlot.TryGetValue(RecordLayout.ViewSlotIn(header), out var table)
                || table.View.KeyOffset + RecordLayout.KeyLengthIn(header) > PageLayout.SlotBytes(slotClass))
            {
                throw cursor.Corrupt(string.Create(CultureInfo.InvariantCulture, $"leads to page {id}, slot {slot}, which is no record of its views"));
            }

            table.Adopt(address);
        }
    }

    private RecordTable NewTable(ViewPlan view) =>
        _nextSlot <= ushort.MaxValue
            ? new RecordTable(view, (ushort)_nextSlot++, _pages, _series)
            : throw new GridError(GridErrorCode.FailedPrecondition, "views", $"of this shard have changed {_nextSlot} times, which its records cannot number.", "Move the tenant to a new shard by a backfill.").ToException();
}
