using Grid.Primitives;

namespace Grid.Storage;

/// <summary>The answer to one append.</summary>
/// <param name="Status">What became of the block.</param>
/// <param name="CurrentEpoch">The epoch that holds the shard, as far as it was read; 0 for a shard that nobody ever took.</param>
/// <param name="LastSequence">The last durable sequence of the shard, as far as it was read.</param>
/// <param name="Error">For <see cref="AppendStatus.Refused"/>: why, and what to do.</param>
public readonly record struct AppendOutcome(AppendStatus Status, long CurrentEpoch, long LastSequence, GridError? Error = null)
{
    public bool IsCommitted => Status == AppendStatus.Committed;
}
