using Grid.Streams.Kafka;

namespace Grid.Grains.Ingestion;

/// <summary>Records that one routing holds for, decoded.</summary>
/// <param name="Routing">The routing.</param>
/// <param name="Decoded">Events and faults.</param>
/// <param name="Records">The records.</param>
internal sealed record RoutedRecords(EventRouting Routing, DecodedBatch Decoded, ReadOnlyMemory<KafkaRecord> Records)
{
    /// <summary>The record at an offset of these.</summary>
    public KafkaRecord RecordAt(long offset)
    {
        foreach (ref readonly var record in Records.Span)
        {
            if (record.Offset == offset)
            {
                return record;
            }
        }

        throw new InvalidOperationException($"No record of the poll has offset {offset}.");
    }
}
