using System.Runtime.InteropServices;
using Grid.Features.Plans;

namespace Grid.Features.Records;

/// <summary>
/// A view of one chunk's bytes, written: 4 bytes newer chunk, 4 older chunk, 2 entries, 2 capacity, 4 zero; the summary where it has full capacity; then stamps,
/// sources and positions where the series keeps order, and a column each.
/// </summary>
internal readonly ref struct Chunk(SeriesPlan series, Span<byte> bytes)
{
    private readonly Span<byte> _bytes = bytes;

    public ref uint Newer => ref RecordLayout.At<uint>(_bytes, 0);

    public ref uint Older => ref RecordLayout.At<uint>(_bytes, 4);

    public ref ushort Count => ref RecordLayout.At<ushort>(_bytes, 8);

    public ref ushort Capacity => ref RecordLayout.At<ushort>(_bytes, 10);

    public bool HasSummary => series.HasSummary(Capacity);

    public Span<double> Summary => MemoryMarshal.Cast<byte, double>(_bytes.Slice(SeriesPlan.ChunkHeaderSize, series.SummarySize));

    /// <summary>All the places for stamps, in use or not.</summary>
    public Span<long> Stamps => MemoryMarshal.Cast<byte, long>(_bytes.Slice(series.StampOffset(Capacity), Capacity * 8));

    public Span<ulong> Sources => MemoryMarshal.Cast<byte, ulong>(_bytes.Slice(series.SourceOffset(Capacity), Capacity * 8));

    public Span<long> Positions => MemoryMarshal.Cast<byte, long>(_bytes.Slice(series.PositionOffset(Capacity), Capacity * 8));

    public Span<double> Column(int column) => MemoryMarshal.Cast<byte, double>(_bytes.Slice(series.ColumnOffset(Capacity, column), Capacity * 8));

    public long FirstTime => Stamp.TimeOf(Stamps[0]);

    public long LastTime => Stamp.TimeOf(Stamps[Count - 1]);

    /// <summary>Moves the entries from one index on by some places within the chunk.</summary>
    public void Shift(int from, int by)
    {
        var moved = Count - from;
        Stamps.Slice(from, moved).CopyTo(Stamps[(from + by)..]);
        if (series.HasOrder)
        {
            Sources.Slice(from, moved).CopyTo(Sources[(from + by)..]);
            Positions.Slice(from, moved).CopyTo(Positions[(from + by)..]);
        }

        for (var c = 0; c < series.ColumnFields.Length; c++)
        {
            Column(c).Slice(from, moved).CopyTo(Column(c)[(from + by)..]);
        }
    }

    /// <summary>Copies the entries from one index on to the end of another chunk.</summary>
    public void CopyTo(int from, in Chunk target)
    {
        var moved = Count - from;
        var at = target.Count;
        Stamps.Slice(from, moved).CopyTo(target.Stamps[at..]);
        if (series.HasOrder)
        {
            Sources.Slice(from, moved).CopyTo(target.Sources[at..]);
            Positions.Slice(from, moved).CopyTo(target.Positions[at..]);
        }

        for (var c = 0; c < series.ColumnFields.Length; c++)
        {
            Column(c).Slice(from, moved).CopyTo(target.Column(c)[at..]);
        }

        target.Count += (ushort)moved;
    }

    /// <summary>Forgets the entries from one index on, and clears their bytes.</summary>
    public void Truncate(int from)
    {
        var removed = Count - from;
        Stamps.Slice(from, removed).Clear();
        if (series.HasOrder)
        {
            Sources.Slice(from, removed).Clear();
            Positions.Slice(from, removed).Clear();
        }

        for (var c = 0; c < series.ColumnFields.Length; c++)
        {
            Column(c).Slice(from, removed).Clear();
        }

        Count = (ushort)from;
    }

    /// <summary>Adds up the whole chunk anew.</summary>
    public void Summarize()
    {
        var summary = Summary;
        var stamps = Stamps[..Count];
        for (var a = 0; a < summary.Length; a++)
        {
            ref readonly var accumulator = ref series.Accumulators[a];
            summary[a] = accumulator.Fold(stamps, accumulator.Column < 0 ? default : Column(accumulator.Column)[..Count]);
        }
    }
}
