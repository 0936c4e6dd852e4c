using Grid.Primitives;

namespace Grid.Storage;

/// <summary>The answer to one snapshot.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="CurrentEpoch">The epoch that holds the shard.</param>
/// <param name="Sequence">The sequence of the shard's snapshot after the call; 0 if it has none or it was not read.</param>
/// <param name="Error">For <see cref="SnapshotStatus.Refused"/>: why. For <see cref="SnapshotStatus.Switched"/>: why superseded rows are still there (the next snapshot removes them); otherwise null.</param>
public readonly record struct SnapshotOutcome(SnapshotStatus Status, long CurrentEpoch, long Sequence, GridError? Error = null);
