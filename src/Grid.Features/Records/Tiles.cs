using System.Runtime.InteropServices;
using Grid.Features.Plans;

namespace Grid.Features.Records;

/// <summary>A view of a series' tiles: 4 bytes tiles in use, 4 zero; then for each tile, oldest first, 8 bytes first time, 8 last time, 8 entries (a double), and its numbers.</summary>
internal readonly ref struct Tiles(SeriesPlan series, Span<byte> bytes)
{
    private readonly Span<byte> _bytes = bytes;

    public ref int Count => ref RecordLayout.At<int>(_bytes, 0);

    public ref long FirstTime(int tile) => ref RecordLayout.At<long>(_bytes, At(tile));

    public ref long LastTime(int tile) => ref RecordLayout.At<long>(_bytes, At(tile) + 8);

    public ref double Entries(int tile) => ref RecordLayout.At<double>(_bytes, At(tile) + 16);

    public Span<double> Numbers(int tile) => MemoryMarshal.Cast<byte, double>(_bytes.Slice(At(tile) + 24, series.SummarySize));

    /// <summary>Adds a chunk's summary as the newest tile; where there is no room, neighbours are merged in pairs first.</summary>
    public void Add(long firstTime, long lastTime, int entries, ReadOnlySpan<double> numbers)
    {
        if (Count == series.MaxTiles)
        {
            MergePairs();
        }

        var tile = Count++;
        FirstTime(tile) = firstTime;
        LastTime(tile) = lastTime;
        Entries(tile) = entries;
        numbers.CopyTo(Numbers(tile));
    }

    /// <summary>Forgets the oldest tiles.</summary>
    public void RemoveOldest(int tiles)
    {
        var rest = (Count - tiles) * series.TileSize;
        _bytes.Slice(At(tiles), rest).CopyTo(_bytes[At(0)..]);
        _bytes.Slice(At(0) + rest, tiles * series.TileSize).Clear();
        Count -= tiles;
    }

    private void MergePairs()
    {
        var merged = 0;
        for (var tile = 0; tile < Count; tile += 2, merged++)
        {
            _bytes.Slice(At(tile), series.TileSize).CopyTo(_bytes[At(merged)..]);
            if (tile + 1 == Count)
            {
                continue;
            }

            LastTime(merged) = LastTime(tile + 1);
            Entries(merged) += Entries(tile + 1);
            var older = Numbers(merged);
            var newer = Numbers(tile + 1);
            for (var a = 0; a < older.Length; a++)
            {
                older[a] = Accumulator.Combine(series.Accumulators[a].Kind, older[a], newer[a]);
            }
        }

        _bytes.Slice(At(merged), (Count - merged) * series.TileSize).Clear();
        Count = merged;
    }

    private int At(int tile) => 8 + (tile * series.TileSize);
}
