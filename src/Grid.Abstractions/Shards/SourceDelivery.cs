using Grid.Primitives;
using Orleans;

namespace Grid.Abstractions;

/// <summary>Events of one partition of a source, in its order, for one shard.</summary>
/// <param name="Feed">One reading of a source: the live one, or the backfill of a generation.</param>
/// <param name="Partition">The partition of the feed.</param>
/// <param name="ReaderEpoch">The epoch of the reader that delivers; a delivery of an older reader than the newest seen is refused.</param>
/// <param name="Previous">Position of the event before the first one for this shard; -1 where there is none. With <paramref name="FromFrontier"/>: the frontier, below which everything is proven durable in this shard.</param>
/// <param name="FromFrontier">True for a reader's first delivery.</param>
/// <param name="Events">Events with positions, strictly rising.</param>
[GenerateSerializer, Immutable, Alias("grid.source-delivery")]
public sealed record SourceDelivery(
    [property: Id(0)] string Feed,
    [property: Id(1)] string Partition,
    [property: Id(2)] long ReaderEpoch,
    [property: Id(3)] long Previous,
    [property: Id(4)] bool FromFrontier,
    [property: Id(5)] EventBatch Events);
