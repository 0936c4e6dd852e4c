namespace Grid.Streams.Kafka;

/// <summary>Key or value of a record. Kafka tells an empty one from a missing one, and so does this.</summary>
/// <param name="Memory">The bytes; empty where there is nothing.</param>
/// <param name="IsNull">True where the record has none at all (a null key, a tombstone).</param>
public readonly record struct KafkaBytes(ReadOnlyMemory<byte> Memory, bool IsNull)
{
    public static KafkaBytes Null => new(default, IsNull: true);

    public ReadOnlySpan<byte> Span => Memory.Span;
}
