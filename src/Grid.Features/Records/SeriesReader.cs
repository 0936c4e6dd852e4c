using System.Runtime.InteropServices;
using Grid.Features.Paging;
using Grid.Features.Plans;

namespace Grid.Features.Records;

/// <summary>
/// Reads the windows of a series in one pass from the newest chunk to the oldest. A chunk inside a window gives its summary, a chunk that the window cuts gives a fold of the
/// entries inside; both are added in the order of the chunks. So a window's numbers do not depend on which others are read with it.
/// </summary>
internal static class SeriesReader
{
    /// <param name="head">The series' head in the record.</param>
    /// <param name="isPast">Whether the as-of time lies before the record's newest event.</param>
    /// <param name="scratch">Takes the numbers.</param>
    /// <param name="flags">Takes one flag for each window.</param>
    public static void Read(PageStore pages, SeriesRead read, ReadOnlySpan<byte> head, long asOfMs, bool isPast, Span<double> scratch, Span<WindowFlag> flags)
    {
        var series = read.Series;
        var windows = read.WindowsMs.Length;
        Span<double> numbers = scratch.Slice(read.Offset, windows * read.Accumulators.Length);
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = series.Accumulators[read.Accumulators[i % read.Accumulators.Length]].Identity;
        }

        flags.Slice(read.FirstFlag, windows).Clear();
        var active = windows;
        for (var address = MemoryMarshal.Read<uint>(head[4..]); address != 0;)
        {
            int capacity = MemoryMarshal.Read<ushort>(pages.Read(address, SeriesPlan.ChunkHeaderSize)[10..]);
            var chunk = pages.Read(address, series.ChunkSize(capacity));
            int count = MemoryMarshal.Read<ushort>(chunk[8..]);
            var stamps = MemoryMarshal.Cast<byte, long>(chunk.Slice(series.StampOffset(capacity), count * 8));

            // Windows come longest first, so those that end before this chunk are the last ones.
            while (active > 0 && Floor(asOfMs, read.WindowsMs[active - 1]) >= Stamp.TimeOf(stamps[^1]))
            {
                active--;
            }

            if (active == 0)
            {
                break;
            }

            ReadChunk(read, chunk, capacity, stamps, asOfMs, active, numbers);
            address = MemoryMarshal.Read<uint>(chunk[4..]);
        }

        ReadTiles(pages, read, head, asOfMs, isPast, numbers, flags);
    }

    private static void ReadChunk(SeriesRead read, ReadOnlySpan<byte> chunk, int capacity, ReadOnlySpan<long> stamps, long asOfMs, int active, Span<double> numbers)
    {
        var series = read.Series;
        var end = Stamp.TimeOf(stamps[^1]) <= asOfMs ? stamps.Length : FirstAfter(stamps, asOfMs);
        if (end == 0)
        {
            return;
        }

        var first = Stamp.TimeOf(stamps[0]);
        for (var w = 0; w < active; w++)
        {
            var floor = Floor(asOfMs, read.WindowsMs[w]);
            var start = first > floor ? 0 : FirstAfter(stamps, floor);
            if (start >= end)
            {
                continue;
            }

            var isWhole = start == 0 && end == stamps.Length && series.HasSummary(capacity);
            var totals = numbers.Slice(w * read.Accumulators.Length, read.Accumulators.Length);
            for (var a = 0; a < totals.Length; a++)
            {
                ref readonly var accumulator = ref series.Accumulators[read.Accumulators[a]];
                var part = isWhole
                    ? MemoryMarshal.Read<double>(chunk[(SeriesPlan.ChunkHeaderSize + (read.Accumulators[a] * 8))..])
                    : accumulator.Fold(stamps[start..end], Column(series, chunk, capacity, accumulator.Column, start, end));
                totals[a] = Accumulator.Combine(accumulator.Kind, part, totals[a]);
            }
        }
    }

    private static void ReadTiles(PageStore pages, SeriesRead read, ReadOnlySpan<byte> head, long asOfMs, bool isPast, Span<double> numbers, Span<WindowFlag> flags)
    {
        var series = read.Series;
        var address = MemoryMarshal.Read<uint>(head[8..]);
        var lost = MemoryMarshal.Read<long>(head[16..]);
        var tiles = address == 0 ? default : pages.Read(address, series.TileBlockSize);
        var count = address == 0 ? 0 : MemoryMarshal.Read<int>(tiles);
        for (var w = 0; w < read.WindowsMs.Length; w++)
        {
            var floor = Floor(asOfMs, read.WindowsMs[w]);
            var isCut = lost > floor;
            var totals = numbers.Slice(w * read.Accumulators.Length, read.Accumulators.Length);
            for (var t = count - 1; t >= 0; t--)
            {
                var tile = tiles.Slice(8 + (t * series.TileSize), series.TileSize);
                if (MemoryMarshal.Read<long>(tile[8..]) <= floor)
                {
                    break;
                }

                isCut |= MemoryMarshal.Read<long>(tile) <= floor || MemoryMarshal.Read<long>(tile[8..]) > asOfMs;
                for (var a = 0; a < totals.Length; a++)
                {
                    var number = MemoryMarshal.Read<double>(tile[(24 + (read.Accumulators[a] * 8))..]);
                    totals[a] = Accumulator.Combine(series.Accumulators[read.Accumulators[a]].Kind, number, totals[a]);
                }
            }

            if (isCut)
            {
                flags[read.FirstFlag + w] = isPast ? WindowFlag.Unanswerable : WindowFlag.Degraded;
            }
        }
    }

    private static ReadOnlySpan<double> Column(SeriesPlan series, ReadOnlySpan<byte> chunk, int capacity, int column, int start, int end) =>
        column < 0 ? default : MemoryMarshal.Cast<byte, double>(chunk.Slice(series.ColumnOffset(capacity, column) + (start * 8), (end - start) * 8));

    // As-of times are within the range of stamps, windows are not.
    private static long Floor(long asOfMs, long windowMs) => Math.Max(asOfMs - windowMs, Stamp.MinTimeMs - 1);

    /// <summary>Index of the first stamp with a time after the given one.</summary>
    private static int FirstAfter(ReadOnlySpan<long> stamps, long timeMs)
    {
        var least = Stamp.Of(timeMs + 1, 0);
        var (low, high) = (0, stamps.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (stamps[middle] < least)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
