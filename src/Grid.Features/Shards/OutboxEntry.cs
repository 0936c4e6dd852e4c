using Grid.Primitives;

namespace Grid.Features.Shards;

/// <summary>An event that the shard set aside, to be delivered as a dead letter at least once. Its key is (feed, partition, position), for a push the event's own key.</summary>
/// <param name="Sequence">Rises by one with each entry of the shard.</param>
/// <param name="Outcome">Why it is here.</param>
/// <param name="Position">Position in its partition; -1 for a push.</param>
/// <param name="ArrivalMs">When it arrived, Unix milliseconds.</param>
/// <param name="Event">The event whole, as a batch of one.</param>
public sealed record OutboxEntry(long Sequence, EventOutcome Outcome, string Feed, string Partition, long Position, long ArrivalMs, EventBatch Event);
