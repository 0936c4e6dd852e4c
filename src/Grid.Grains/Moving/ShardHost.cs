using Grid.Grains.Shards;
using Grid.Primitives;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Grid.Grains.Moving;

/// <inheritdoc cref="IShardHost"/>
[Reentrant]
internal sealed class ShardHost(GrainId id, Silo silo, ILoggerFactory loggerFactory, ShardLoader loader, ShardPreloads preloads)
    : GrainService(id, silo, loggerFactory), IShardHost
{
    public async Task PreloadAsync(ShardKey shard, long epoch, CancellationToken cancellationToken)
    {
        using var place = preloads.Reserve(shard);
        preloads.Keep(await loader.PreloadAsync(shard, epoch, cancellationToken));
    }
}
