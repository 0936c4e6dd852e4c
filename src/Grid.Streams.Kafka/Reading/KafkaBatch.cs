namespace Grid.Streams.Kafka;

/// <summary>What one read of a partition brought. Immutable.</summary>
/// <param name="Records">Rising by offset; empty only with a <see cref="Condition"/>. Offsets may jump: compacted records and the marks of transactions have no record.</param>
/// <param name="Next">The offset that reading goes on from.</param>
/// <param name="LowWatermark">First offset that the broker still keeps, as last seen; -1 before it is known.</param>
/// <param name="HighWatermark">Offset after the last record of the partition, as last seen; -1 before it is known.</param>
/// <param name="Condition">Why reading has stopped, or null. Nothing is read until the caller has sought elsewhere.</param>
public sealed record KafkaBatch(
    ReadOnlyMemory<KafkaRecord> Records,
    long Next,
    long LowWatermark,
    long HighWatermark,
    KafkaPartitionCondition? Condition = null)
{
    /// <summary>Records that the broker has beyond this batch, marks of transactions included; 0 where nothing is known.</summary>
    public long Lag => HighWatermark < 0 ? 0 : Math.Max(0, HighWatermark - Next);
}
