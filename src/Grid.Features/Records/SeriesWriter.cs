using Grid.Features.Paging;
using Grid.Features.Plans;

namespace Grid.Features.Records;

/// <summary>
/// Puts entries into a series and takes out what is too old or over the bound. What chunks there are, and so the order in which sums are added, follows from
/// the entries and their order of application alone.
/// </summary>
internal sealed class SeriesWriter(PageStore pages)
{
    /// <param name="record">The record's bytes; chunks lie on other pages, so they stay good throughout.</param>
    /// <param name="newestMs">The record's newest event time, this entry included.</param>
    public void Insert(SeriesPlan series, Span<byte> record, long newestMs, long stamp, ulong source, long position, EventValues values)
    {
        var head = record.Slice(series.HeadOffset, SeriesPlan.HeadSize);
        var time = Stamp.TimeOf(stamp);
        var cutoff = newestMs - series.LongestWindowMs;
        if (time <= cutoff)
        {
            // No window of now or later reaches it: the same as if it had come in time and been trimmed.
            ref var lost = ref SeriesHead.Lost(head);
            lost = Math.Max(lost, time);
        }
        else if (!FoldIntoTile(series, head, stamp, values))
        {
            InsertIntoChunk(series, head, stamp, source, position, values);
            SeriesHead.Count(head)++;
        }

        Trim(series, head, cutoff);
        while (SeriesHead.Count(head) > series.Bound)
        {
            DegradeOldest(series, head);
        }
    }

    /// <summary>Frees all that the series holds.</summary>
    public void Free(SeriesPlan series, Span<byte> record)
    {
        var head = record.Slice(series.HeadOffset, SeriesPlan.HeadSize);
        for (var at = SeriesHead.First(head); at != 0;)
        {
            var newer = Open(series, at).Newer;
            pages.Free(at);
            at = newer;
        }

        if (SeriesHead.Tiles(head) is var tiles and not 0)
        {
            pages.Free(tiles);
        }

        head.Clear();
        SeriesHead.Lost(head) = RecordLayout.NoTime;
    }

    /// <summary>A chunk for writing.</summary>
    public Chunk Open(SeriesPlan series, uint address)
    {
        var capacity = RecordLayout.At<ushort>(pages.Write(address, SeriesPlan.ChunkHeaderSize), 10);
        return new Chunk(series, pages.Write(address, series.ChunkSize(capacity)));
    }

    /// <summary>A new empty chunk, linked in behind an older one (0: as the oldest).</summary>
    public uint AddChunk(SeriesPlan series, Span<byte> head, uint older, int capacity)
    {
        var address = pages.Allocate(SlotKind.Series, series.ChunkSize(capacity));
        RecordLayout.At<ushort>(pages.Write(address, SeriesPlan.ChunkHeaderSize), 10) = (ushort)capacity;
        var newer = older == 0 ? SeriesHead.First(head) : Open(series, older).Newer;
        Link(series, head, older, address);
        Link(series, head, address, newer);
        return address;
    }

    /// <summary>The tiles for writing; made where there are none.</summary>
    public Tiles OpenTiles(SeriesPlan series, Span<byte> head)
    {
        ref var address = ref SeriesHead.Tiles(head);
        if (address == 0)
        {
            address = pages.Allocate(SlotKind.Series, series.TileBlockSize);
        }

        return new Tiles(series, pages.Write(address, series.TileBlockSize));
    }

    private bool FoldIntoTile(SeriesPlan series, Span<byte> head, long stamp, EventValues values)
    {
        if (SeriesHead.Tiles(head) == 0)
        {
            return false;
        }

        var tiles = OpenTiles(series, head);
        var time = Stamp.TimeOf(stamp);
        if (tiles.Count == 0 || tiles.LastTime(tiles.Count - 1) < time)
        {
            return false;
        }

        var tile = 0;
        while (tiles.LastTime(tile) < time)
        {
            tile++;
        }

        var isNewest = tiles.LastTime(tile) == time;
        tiles.FirstTime(tile) = Math.Min(tiles.FirstTime(tile), time);
        tiles.Entries(tile)++;
        var numbers = tiles.Numbers(tile);
        for (var a = 0; a < numbers.Length; a++)
        {
            ref readonly var accumulator = ref series.Accumulators[a];
            var one = accumulator.Of((int)stamp & Stamp.BitMask, ValueOf(series, accumulator.Column, values));
            numbers[a] = isNewest || accumulator.Kind != AccumulatorKind.Last
                ? Accumulator.Combine(accumulator.Kind, numbers[a], one)
                : Accumulator.Combine(accumulator.Kind, one, numbers[a]);
        }

        return true;
    }

    private void InsertIntoChunk(SeriesPlan series, Span<byte> head, long stamp, ulong source, long position, EventValues values)
    {
        // 1. The chunk: the newest one that begins at or before the entry, else the oldest.
        var address = SeriesHead.Last(head);
        if (address == 0)
        {
            address = AddChunk(series, head, 0, Math.Min(SeriesPlan.MinCapacity, series.FullCapacity));
        }

        var chunk = Open(series, address);
        while (chunk.Count > 0 && chunk.Older != 0 && Compare(series, chunk, 0, stamp, source, position) > 0)
        {
            address = chunk.Older;
            chunk = Open(series, address);
        }

        // 2. The place in it: behind everything that is not greater.
        int index = chunk.Count;
        while (index > 0 && Compare(series, chunk, index - 1, stamp, source, position) > 0)
        {
            index--;
        }

        // 3. Room.
        if (chunk.Count == chunk.Capacity)
        {
            address = MakeRoom(series, head, address, ref index);
            chunk = Open(series, address);
        }

        // 4. The entry.
        var atEnd = index == chunk.Count;
        chunk.Shift(index, 1);
        chunk.Count++;
        chunk.Stamps[index] = stamp;
        if (series.HasOrder)
        {
            chunk.Sources[index] = source;
            chunk.Positions[index] = position;
        }

        for (var c = 0; c < series.ColumnFields.Length; c++)
        {
            chunk.Column(c)[index] = values.NumberOrNaN(series.ColumnFields[c]);
        }

        UpdateSummary(series, chunk, stamp, values, atEnd);
    }

    private static void UpdateSummary(SeriesPlan series, in Chunk chunk, long stamp, EventValues values, bool atEnd)
    {
        if (!chunk.HasSummary)
        {
            return;
        }

        if (!atEnd || chunk.Count == 1)
        {
            chunk.Summarize();
            return;
        }

        // Adding at the end is what a fresh pass from the start would do last.
        var summary = chunk.Summary;
        for (var a = 0; a < summary.Length; a++)
        {
            ref readonly var accumulator = ref series.Accumulators[a];
            summary[a] = Accumulator.Combine(accumulator.Kind, summary[a], accumulator.Of((int)stamp & Stamp.BitMask, ValueOf(series, accumulator.Column, values)));
        }
    }

    private uint MakeRoom(SeriesPlan series, Span<byte> head, uint address, ref int index)
    {
        var chunk = Open(series, address);
        int capacity = chunk.Capacity;
        if (capacity < series.FullCapacity)
        {
            var grown = AddChunk(series, head, address, Math.Min(capacity * 2, series.FullCapacity));
            var target = Open(series, grown);
            Open(series, address).CopyTo(0, target);
            if (target.HasSummary)
            {
                target.Summarize();
            }

            Remove(series, head, address);
            return grown;
        }

        if (index == capacity && chunk.Newer == 0)
        {
            index = 0;
            return AddChunk(series, head, address, Math.Min(SeriesPlan.MinCapacity, series.FullCapacity));
        }

        // Two full-size halves: further late entries then find room.
        var upper = AddChunk(series, head, address, capacity);
        var half = capacity / 2;
        var lower = Open(series, address);
        var moved = Open(series, upper);
        lower.CopyTo(half, moved);
        lower.Truncate(half);
        lower.Summarize();
        moved.Summarize();
        if (index <= half)
        {
            return address;
        }

        index -= half;
        return upper;
    }

    private void Trim(SeriesPlan series, Span<byte> head, long cutoff)
    {
        if (SeriesHead.Tiles(head) is var address and not 0)
        {
            var tiles = OpenTiles(series, head);
            var gone = 0;
            while (gone < tiles.Count && tiles.LastTime(gone) <= cutoff)
            {
                gone++;
            }

            if (gone > 0)
            {
                ref var lost = ref SeriesHead.Lost(head);
                lost = Math.Max(lost, tiles.LastTime(gone - 1));
                tiles.RemoveOldest(gone);
                if (tiles.Count == 0)
                {
                    pages.Free(address);
                    SeriesHead.Tiles(head) = 0;
                }
            }
        }

        while (SeriesHead.First(head) is var first and not 0)
        {
            var chunk = Open(series, first);
            if (chunk.LastTime > cutoff)
            {
                return;
            }

            ref var lost = ref SeriesHead.Lost(head);
            lost = Math.Max(lost, chunk.LastTime);
            SeriesHead.Count(head) -= chunk.Count;
            Remove(series, head, first);
        }
    }

    private void DegradeOldest(SeriesPlan series, Span<byte> head)
    {
        // The bound is at least four chunks, so the oldest has full capacity and with it a summary.
        _ = OpenTiles(series, head);
        var first = SeriesHead.First(head);
        var tiles = OpenTiles(series, head);
        var chunk = Open(series, first);
        tiles.Add(chunk.FirstTime, chunk.LastTime, chunk.Count, chunk.Summary);
        SeriesHead.Count(head) -= chunk.Count;
        Remove(series, head, first);
    }

    private void Remove(SeriesPlan series, Span<byte> head, uint address)
    {
        var chunk = Open(series, address);
        Link(series, head, chunk.Older, chunk.Newer);
        pages.Free(address);
    }

    private void Link(SeriesPlan series, Span<byte> head, uint older, uint newer)
    {
        if (older == 0)
        {
            SeriesHead.First(head) = newer;
        }
        else
        {
            Open(series, older).Newer = newer;
        }

        if (newer == 0)
        {
            SeriesHead.Last(head) = older;
        }
        else
        {
            Open(series, newer).Older = older;
        }
    }

    private static double ValueOf(SeriesPlan series, int column, EventValues values) =>
        column < 0 ? double.NaN : values.NumberOrNaN(series.ColumnFields[column]);

    private static int Compare(SeriesPlan series, in Chunk chunk, int index, long stamp, ulong source, long position)
    {
        var byTime = Stamp.TimeOf(chunk.Stamps[index]).CompareTo(Stamp.TimeOf(stamp));
        if (byTime != 0 || !series.HasOrder)
        {
            return byTime;
        }

        var bySource = chunk.Sources[index].CompareTo(source);
        return bySource != 0 ? bySource : chunk.Positions[index].CompareTo(position);
    }
}
