using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>Why a partition cannot be read on: only a decision of the caller ends it (<see cref="KafkaPartitionReader.Seek(KafkaStart)"/>).</summary>
/// <param name="Kind">The class of the condition.</param>
/// <param name="Error">What an operator reads: culprit, values, cure.</param>
/// <param name="Requested">The offset that was to be read; -1 where none is to blame.</param>
/// <param name="LowWatermark">First offset that the broker keeps; -1 where not known.</param>
/// <param name="HighWatermark">Offset after the last record; -1 where not known.</param>
public sealed record KafkaPartitionCondition(KafkaConditionKind Kind, GridError Error, long Requested = -1, long LowWatermark = -1, long HighWatermark = -1);
