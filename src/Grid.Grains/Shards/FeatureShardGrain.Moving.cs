using Grid.Grains.Moving;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Grid.Grains.Shards;

internal sealed partial class FeatureShardGrain : IMovableShard
{
    public async ValueTask<bool> MoveToAsync(SiloAddress target, CancellationToken cancellationToken)
    {
        if (Lost() is { } lost)
        {
            throw lost.ToException();
        }

        if (target.Equals(ServiceProvider.GetRequiredService<ILocalSiloDetails>().SiloAddress))
        {
            return false;
        }

        // 1. While this owner serves, the target reads what is durable. Flushed before, so that little is left to read after.
        await _committer.DurableAsync().WaitAsync(cancellationToken);
        await ServiceProvider.GetRequiredService<ShardHostClient>().PreloadAsync(target, _key, _ownership.Lease.Epoch, cancellationToken);

        // 2. What came meanwhile, so that the last flush, when nobody is served, is short.
        await _committer.DurableAsync().WaitAsync(cancellationToken);

        // 3. The hand-over: requests under way end, the last block is flushed, those that wait follow the shard.
        RequestContext.Set(IPlacementDirector.PlacementHintKey, target);
        try
        {
            this.MigrateOnIdle();
        }
        finally
        {
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }

        LogMoves(_key, target);
        return true;
    }

    [LoggerMessage(EventId = 2514, Level = LogLevel.Information, Message = "Shard {Shard} goes to {Silo}")]
    private partial void LogMoves(Primitives.ShardKey shard, SiloAddress silo);
}
