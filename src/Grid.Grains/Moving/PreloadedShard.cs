using Grid.Features.Shards;
using Grid.Primitives;

namespace Grid.Grains.Moving;

/// <summary>A shard as its owner had written it when it was read ahead.</summary>
/// <param name="Shard">Which.</param>
/// <param name="State">Snapshot and blocks applied; whoever takes this disposes of it.</param>
/// <param name="SnapshotSequence">The block that the snapshot is of; 0 without one.</param>
/// <param name="LastSequence">The last block applied.</param>
/// <param name="LogBytes">Bytes of the blocks applied.</param>
internal sealed record PreloadedShard(ShardKey Shard, ShardState State, long SnapshotSequence, long LastSequence, long LogBytes);
