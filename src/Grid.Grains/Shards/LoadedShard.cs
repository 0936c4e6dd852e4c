using Grid.Features.Shards;
using Grid.Storage;

namespace Grid.Grains.Shards;

/// <summary>A shard as it came from the store.</summary>
/// <param name="Lease">The epoch taken.</param>
/// <param name="State">Snapshot and tail applied.</param>
/// <param name="SnapshotSequence">The block that the snapshot is of; 0 without one.</param>
/// <param name="LogBytes">Bytes of log after it.</param>
internal sealed record LoadedShard(ShardLease Lease, ShardState State, long SnapshotSequence, long LogBytes);
