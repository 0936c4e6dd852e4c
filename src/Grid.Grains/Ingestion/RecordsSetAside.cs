using System.Globalization;
using Grid.Primitives;
using Grid.Storage;
using Grid.Streams.Kafka;

namespace Grid.Grains.Ingestion;

/// <summary>Where the poison records of one source go: its dead letter topic, or the dead letters of the store. Thread-safe.</summary>
internal sealed class RecordsSetAside(IngestSourceOptions source, IDeadLetterStore store, KafkaDeadLetterProducer? producer, TimeProvider time)
{
    /// <summary>The shard of a letter that was set aside in front of the shards.</summary>
    private const int NoShard = -1;

    /// <summary>Null once all are acknowledged; otherwise why they are not: send all again. In the store a record is there once, however often it is sent.</summary>
    public async Task<GridError?> AddAsync(int partition, IReadOnlyList<PoisonRecord> records, CancellationToken cancellationToken)
    {
        if (producer is not null)
        {
            return await producer.WriteAsync(
                [.. records.Select(r => new Streams.Kafka.DeadLetter(source.Topic, partition, r.Record, r.Reason, r.Message))],
                cancellationToken);
        }

        try
        {
            var origin = string.Create(CultureInfo.InvariantCulture, $"{source.Feed}/{partition}");
            var now = time.GetUtcNow();
            await store.AddAsync(
                [
                    .. records.Select(r => new Storage.DeadLetter(
                        source.Workspace,
                        r.Tenant,
                        NoShard,
                        origin,
                        r.Record.Offset.ToString(CultureInfo.InvariantCulture),
                        r.Reason,
                        r.Message,
                        r.Record.Value.Memory,
                        now)),
                ],
                cancellationToken);
            return null;
        }
        catch (GridException e) when (ShardErrors.IsTransient(e.Code))
        {
            return e.Error;
        }
    }
}
