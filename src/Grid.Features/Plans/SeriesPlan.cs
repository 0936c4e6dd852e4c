using Grid.Features.Records;

namespace Grid.Features.Plans;

/// <summary>
/// The ring of entries that one view keeps of one event type: which columns an entry has, what a full chunk sums up, and how long entries are kept.
/// A chunk is a header of 16 bytes, the summary (only at full capacity), then stamps, order keys where needed, and one array per column.
/// </summary>
internal sealed class SeriesPlan
{
    public const int HeadSize = 24;

    public const int ChunkHeaderSize = 16;

    public const int MinCapacity = 4;

    // A 7-day window over 7,000 entries then reads about 110 summaries; larger chunks make the two partial ones dearer than that saves.
    private const int TargetCapacity = 64;

    // Tiles stand in for what the bound pushed out; 32 keep each tile within a thirtieth of the degraded past.
    private const int TargetTiles = 32;

    public required string Event { get; init; }

    /// <summary>Offset of the head in the record.</summary>
    public required int HeadOffset { get; init; }

    /// <summary>Names of the number fields kept.</summary>
    public required string[] ColumnNames { get; init; }

    /// <summary>Their field ordinals in the event.</summary>
    public required int[] ColumnFields { get; init; }

    public required Accumulator[] Accumulators { get; init; }

    /// <summary>What each accumulator holds, in a form that outlives the plan.</summary>
    public required string[] AccumulatorKeys { get; init; }

    /// <summary>Whether entries carry source and position, which decide ties of <c>last</c>.</summary>
    public required bool HasOrder { get; init; }

    public required long LongestWindowMs { get; init; }

    /// <summary>Entries kept; beyond it the oldest chunk becomes a tile.</summary>
    public required int Bound { get; init; }

    public required int FullCapacity { get; init; }

    public required int MaxTiles { get; init; }

    public int SummarySize => Accumulators.Length * 8;

    public int EntrySize => 8 + (HasOrder ? 16 : 0) + (ColumnFields.Length * 8);

    public int TileSize => 24 + SummarySize;

    public int TileBlockSize => 8 + (MaxTiles * TileSize);

    public bool HasSummary(int capacity) => capacity == FullCapacity;

    public int ChunkSize(int capacity) => StampOffset(capacity) + (capacity * EntrySize);

    public int StampOffset(int capacity) => ChunkHeaderSize + (HasSummary(capacity) ? SummarySize : 0);

    public int SourceOffset(int capacity) => StampOffset(capacity) + (capacity * 8);

    public int PositionOffset(int capacity) => SourceOffset(capacity) + (capacity * 8);

    public int ColumnOffset(int capacity, int column) => StampOffset(capacity) + (capacity * (8 + (HasOrder ? 16 : 0) + (column * 8)));

    /// <summary>Entries of a full chunk: a power of two that fits a slot and leaves at least four chunks under the bound.</summary>
    public static int CapacityFor(int bound, int summarySize, int entrySize, int slotBytes)
    {
        var capacity = TargetCapacity;
        while (capacity > MinCapacity && (capacity > bound / 4 || ChunkHeaderSize + summarySize + (capacity * entrySize) > slotBytes))
        {
            capacity /= 2;
        }

        return capacity;
    }

    public static int TilesFor(int summarySize, int slotBytes) => Math.Clamp((slotBytes - 8) / (24 + summarySize) & ~1, 4, TargetTiles);
}
