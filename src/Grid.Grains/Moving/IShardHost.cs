using Grid.Primitives;
using Orleans.Services;

namespace Grid.Grains.Moving;

/// <summary>One per silo: makes ready for shards that are about to come.</summary>
[Alias("grid.IShardHost"), GrainInterfaceType("grid.shard-host")]
internal interface IShardHost : IGrainService
{
    /// <summary>Reads a shard while its owner serves, and keeps it for the hand-over.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="epoch">The epoch of its owner.</param>
    [Alias("Preload")]
    Task PreloadAsync(ShardKey shard, long epoch, CancellationToken cancellationToken);
}
