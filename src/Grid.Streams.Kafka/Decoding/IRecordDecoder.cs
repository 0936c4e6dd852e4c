using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>Turns records into events, each record alone. Not thread-safe: one for each partition that is read.</summary>
public interface IRecordDecoder
{
    /// <summary>
    /// Fetches the schemas that the records name and that are not yet known. Null when all are there or known to be missing; otherwise why they could not be fetched: wait and call again,
    /// as decoding these records now would throw.
    /// </summary>
    ValueTask<GridError?> PrepareAsync(ReadOnlyMemory<KafkaRecord> records, CancellationToken cancellationToken);

    /// <summary>Adds the record's event to <paramref name="into"/>, or none where it states no fact (a tombstone), or returns what is wrong with it; then nothing has been added.</summary>
    /// <exception cref="InvalidOperationException">The record's schema has not been prepared.</exception>
    RecordFault? Decode(in KafkaRecord record, DecodedRecords into);
}
