namespace Grid.Streams.Kafka;

/// <summary>A writer's schema at one place, compiled: how to read it and where it goes.</summary>
internal sealed class AvroType(AvroKind kind, PathNode? node)
{
    public AvroKind Kind { get; } = kind;

    /// <summary>Where a scalar goes; null: it is passed over.</summary>
    public PathNode? Node { get; } = node;

    /// <summary>Fields, branches, or the one element; filled after construction, as a type may contain itself.</summary>
    public AvroType[] Parts { get; set; } = [];

    /// <summary>Symbols of an enum, as UTF-8.</summary>
    public byte[][] Symbols { get; init; } = [];

    /// <summary>Bytes of a fixed; -1 for bytes with a length of their own.</summary>
    public int Size { get; init; } = -1;

    /// <summary>For instants: how many units make a millisecond, or, negative, how many milliseconds a unit. For decimals: the scale.</summary>
    public long Scale { get; init; }
}
