using Grid.Primitives;

namespace Grid.Storage;

/// <summary>Whether a lease still holds.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="IsOwner">True while no later epoch was taken.</param>
/// <param name="CurrentEpoch">The epoch that holds the shard; 0 if nobody ever took it.</param>
/// <param name="CurrentOwner">Who holds it; empty if nobody ever took it.</param>
public readonly record struct ConfirmOutcome(ShardKey Shard, bool IsOwner, long CurrentEpoch, string CurrentOwner);
