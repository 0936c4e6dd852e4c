using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>What a poll's records became. Immutable.</summary>
/// <param name="Events">In the records' order, with positions (offsets) and arrivals (record time stamps).</param>
/// <param name="Tenants">The tenant of each event, in the same order.</param>
/// <param name="Faults">Records that are no events; to be dead-lettered before the mark passes them.</param>
/// <param name="Skipped">Records that state no fact (tombstones).</param>
public sealed record DecodedBatch(EventBatch Events, ReadOnlyMemory<string> Tenants, IReadOnlyList<DecodedFault> Faults, int Skipped);
