using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>A reader at one moment. Immutable.</summary>
/// <param name="Next">The offset that will be fetched next; what is buffered lies below it. -1 before the start is known.</param>
/// <param name="LowWatermark">-1 before it is known.</param>
/// <param name="HighWatermark">-1 before it is known.</param>
/// <param name="BufferedRecords">Read and not yet taken.</param>
/// <param name="BufferedBytes">Keys, values and headers of those.</param>
/// <param name="Partitions">How many partitions the broker says the topic has; -1 before it is known.</param>
/// <param name="Reconnects">How often it found the brokers again after losing them.</param>
/// <param name="LastError">The last trouble with the brokers, kept after it has passed; null where there was none.</param>
/// <param name="Condition">Why it has stopped, or null.</param>
public sealed record KafkaReaderStatus(
    KafkaReaderState State,
    long Next,
    long LowWatermark,
    long HighWatermark,
    int BufferedRecords,
    long BufferedBytes,
    int Partitions,
    int Reconnects,
    GridError? LastError,
    KafkaPartitionCondition? Condition)
{
    /// <summary>The offset that reading began at, or was sought to; -1 before it is known.</summary>
    public long Start { get; init; } = -1;

    /// <summary>Records that the broker has and that were not yet fetched; 0 where nothing is known.</summary>
    public long Lag => HighWatermark < 0 || Next < 0 ? 0 : Math.Max(0, HighWatermark - Next);
}
