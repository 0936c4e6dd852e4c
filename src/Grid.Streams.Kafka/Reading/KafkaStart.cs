namespace Grid.Streams.Kafka;

/// <summary>Where reading begins.</summary>
public readonly record struct KafkaStart
{
    private KafkaStart(KafkaStartKind kind, long offset, bool orEarliest = true)
    {
        Kind = kind;
        Offset = offset;
        OrEarliest = orEarliest;
    }

    /// <summary>The first record that the broker keeps.</summary>
    public static KafkaStart Earliest => new(KafkaStartKind.Earliest, -1);

    /// <summary>Only what is written from now on; "now" is when the broker was first asked.</summary>
    public static KafkaStart Latest => new(KafkaStartKind.Latest, -1);

    public KafkaStartKind Kind { get; }

    /// <summary>For <see cref="KafkaStartKind.Offset"/>: the first offset to read; otherwise -1.</summary>
    public long Offset { get; }

    /// <summary>For <see cref="KafkaStartKind.Committed"/> where nothing is committed: true for the earliest record, false for the latest.</summary>
    public bool OrEarliest { get; }

    /// <param name="offset">0 or more.</param>
    public static KafkaStart At(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return new KafkaStart(KafkaStartKind.Offset, offset);
    }

    /// <summary>The offset that the group has committed.</summary>
    public static KafkaStart Committed(bool orEarliest = true) => new(KafkaStartKind.Committed, -1, orEarliest);

    public override string ToString() => Kind == KafkaStartKind.Offset ? $"offset {Offset}" : Kind.ToString();
}
