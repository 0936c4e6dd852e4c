namespace Grid.Storage;

/// <summary>All that is durable of a shard: its snapshot and the log after it. Immutable.</summary>
/// <param name="Snapshot">The snapshot; null if none was taken yet.</param>
/// <param name="Blocks">Every block after the snapshot, in sequence and without gaps, up to the lease's last sequence.</param>
public sealed record ShardImage(SnapshotImage? Snapshot, IReadOnlyList<LogBlock> Blocks);
