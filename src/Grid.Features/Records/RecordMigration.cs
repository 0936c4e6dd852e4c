using System.Runtime.InteropServices;
using Grid.Features.Paging;
using Grid.Features.Plans;

namespace Grid.Features.Records;

/// <summary>
/// Carries the records of a view over to its changed definition: every state whose key is the same, and every series of the same event type. Where a series' columns or conditions
/// differ its entries are put in anew: a condition that is new holds for none of them, a column that is new is missing in them, so what is new starts empty.
/// </summary>
internal sealed class RecordMigration(PageStore pages, SeriesWriter writer, RecordTable from, RecordTable to)
{
    private readonly EventValues _values = new();

    /// <summary>Whether the records still describe the same entities.</summary>
    public static bool CanTakeOver(ViewPlan before, ViewPlan after, int shards) =>
        before.Definition.Scope == after.Definition.Scope
        && before.Definition.Entity == after.Definition.Entity
        && (shards == 1 || (before.Definition.PartitionKey ?? before.Definition.Entity) == (after.Definition.PartitionKey ?? after.Definition.Entity));

    /// <summary>The old records stay, without the series that moved.</summary>
    public void Run()
    {
        // By key: the order of addition to pages and tables is then the same wherever the old records lay.
        var addresses = from.Index.Addresses.ToArray();
        Array.Sort(addresses, (a, b) => from.KeyOf(a).SequenceCompareTo(from.KeyOf(b)));
        to.Index.Reserve(addresses.Length);
        foreach (var address in addresses)
        {
            Move(address);
        }
    }

    private void Move(uint address)
    {
        var created = to.Create(from.KeyOf(address).ToArray());
        var old = from.Write(address);
        var record = to.Write(created);
        var newest = RecordLayout.NewestIn(old);
        RecordLayout.Newest(record) = newest;
        foreach (var consumer in to.View.Events)
        {
            var before = Array.Find(from.View.Events, e => e.Event == consumer.Event);
            foreach (var state in consumer.States)
            {
                if (before is not null && Array.Find(before.States, s => s.Key == state.Key) is { } same)
                {
                    old.Slice(same.Offset, same.Size).CopyTo(record[state.Offset..]);
                }
            }

            if (consumer.Series is { } series)
            {
                MoveSeries(before, consumer, series, old, record, newest);
            }
        }
    }

    private void MoveSeries(ViewEventPlan? before, ViewEventPlan after, SeriesPlan series, Span<byte> old, Span<byte> record, long newest)
    {
        var head = record.Slice(series.HeadOffset, SeriesPlan.HeadSize);
        if (before?.Series is not { } oldSeries)
        {
            // Events so far were not kept: windows that reach back to them are not whole.
            SeriesHead.Lost(head) = newest;
            return;
        }

        var oldHead = old.Slice(oldSeries.HeadOffset, SeriesPlan.HeadSize);
        if (IsSameLayout(before, oldSeries, after, series))
        {
            oldHead.CopyTo(head);
            oldHead.Clear();
            SeriesHead.Lost(oldHead) = RecordLayout.NoTime;
            return;
        }

        SeriesHead.Lost(head) = SeriesHead.Lost(oldHead);
        CopyTiles(oldSeries, oldHead, series, head);
        var bits = BitMap(before, after);
        for (var at = SeriesHead.First(oldHead); at != 0;)
        {
            at = CopyChunk(oldSeries, at, series, record, newest, bits);
        }
    }

    private void CopyTiles(SeriesPlan oldSeries, Span<byte> oldHead, SeriesPlan series, Span<byte> head)
    {
        if (SeriesHead.Tiles(oldHead) == 0)
        {
            return;
        }

        _ = writer.OpenTiles(series, head);
        var tiles = writer.OpenTiles(series, head);
        var oldTiles = writer.OpenTiles(oldSeries, oldHead);
        Span<double> numbers = stackalloc double[series.Accumulators.Length];
        for (var tile = 0; tile < oldTiles.Count; tile++)
        {
            for (var a = 0; a < numbers.Length; a++)
            {
                var same = Array.IndexOf(oldSeries.AccumulatorKeys, series.AccumulatorKeys[a]);
                numbers[a] = same < 0 ? series.Accumulators[a].Identity : oldTiles.Numbers(tile)[same];
            }

            tiles.Add(oldTiles.FirstTime(tile), oldTiles.LastTime(tile), (int)oldTiles.Entries(tile), numbers);
        }
    }

    private uint CopyChunk(SeriesPlan oldSeries, uint address, SeriesPlan series, Span<byte> record, long newest, int[] bits)
    {
        int capacity = MemoryMarshal.Read<ushort>(pages.Read(address, SeriesPlan.ChunkHeaderSize)[10..]);
        int count = MemoryMarshal.Read<ushort>(pages.Read(address, SeriesPlan.ChunkHeaderSize)[8..]);
        for (var i = 0; i < count; i++)
        {
            var bytes = pages.Read(address, oldSeries.ChunkSize(capacity));
            var stamp = MemoryMarshal.Read<long>(bytes[(oldSeries.StampOffset(capacity) + (i * 8))..]);
            var source = oldSeries.HasOrder ? MemoryMarshal.Read<ulong>(bytes[(oldSeries.SourceOffset(capacity) + (i * 8))..]) : 0;
            var position = oldSeries.HasOrder ? MemoryMarshal.Read<long>(bytes[(oldSeries.PositionOffset(capacity) + (i * 8))..]) : 0;
            _values.Clear();
            for (var c = 0; c < series.ColumnNames.Length; c++)
            {
                var column = Array.IndexOf(oldSeries.ColumnNames, series.ColumnNames[c]);
                var value = column < 0 ? double.NaN : MemoryMarshal.Read<double>(bytes[(oldSeries.ColumnOffset(capacity, column) + (i * 8))..]);
                if (!double.IsNaN(value))
                {
                    _values.SetNumber(series.ColumnFields[c], value);
                }
            }

            writer.Insert(series, record, newest, Stamp.Of(Stamp.TimeOf(stamp), Map((int)stamp & Stamp.BitMask, bits)), source, position, _values);
        }

        return MemoryMarshal.Read<uint>(pages.Read(address, SeriesPlan.ChunkHeaderSize));
    }

    private static bool IsSameLayout(ViewEventPlan before, SeriesPlan oldSeries, ViewEventPlan after, SeriesPlan series) =>
        oldSeries.ColumnNames.AsSpan().SequenceEqual(series.ColumnNames)
        && oldSeries.AccumulatorKeys.AsSpan().SequenceEqual(series.AccumulatorKeys)
        && oldSeries.HasOrder == series.HasOrder
        && oldSeries.FullCapacity == series.FullCapacity
        && oldSeries.MaxTiles == series.MaxTiles
        && before.Conditions.Select(static c => c.Key).SequenceEqual(after.Conditions.Select(static c => c.Key), StringComparer.Ordinal);

    /// <summary>For each old bit the new one of the same condition, or -1.</summary>
    private static int[] BitMap(ViewEventPlan before, ViewEventPlan after) =>
        [.. before.Conditions.Select(c => Array.FindIndex(after.Conditions, n => n.Key == c.Key))];

    private static int Map(int old, int[] bits)
    {
        var mapped = 0;
        for (var i = 0; i < bits.Length; i++)
        {
            if (bits[i] >= 0 && ((old >> i) & 1) != 0)
            {
                mapped |= 1 << bits[i];
            }
        }

        return mapped;
    }
}
