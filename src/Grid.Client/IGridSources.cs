using Grid.Abstractions;

namespace Grid.Client;

/// <summary>The door of partition readers: exactly-once deliveries by position instead of by key.</summary>
public interface IGridSources
{
    /// <summary>Delivers events of one partition to one shard; answered when applied, with both marks. Not retried inside: the answer's mark says where to go on.</summary>
    ValueTask<DeliveryAnswer> DeliverAsync(string tenant, int shard, SourceDelivery delivery, CancellationToken cancellationToken = default);

    /// <summary>The marks of one (feed, partition) in one shard.</summary>
    ValueTask<SourceMarks> GetMarksAsync(string tenant, int shard, string feed, string partition, CancellationToken cancellationToken = default);

    /// <summary>Returns when everything the shard applied before the call is durable.</summary>
    ValueTask FlushAsync(string tenant, int shard, CancellationToken cancellationToken = default);
}
