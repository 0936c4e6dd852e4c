using Grid.Primitives;
using Orleans.Runtime;
using Orleans.Runtime.Services;

namespace Grid.Grains.Moving;

/// <summary>Reaches the <see cref="IShardHost"/> of another silo. Thread-safe.</summary>
internal sealed class ShardHostClient(IServiceProvider services) : GrainServiceClient<IShardHost>(services)
{
    /// <exception cref="GridException">Unavailable: the silo is away, or failed. Others: what it said.</exception>
    public async Task PreloadAsync(SiloAddress target, ShardKey shard, long epoch, CancellationToken cancellationToken)
    {
        try
        {
            await GetGrainService(target).PreloadAsync(shard, epoch, cancellationToken);
        }
        catch (Exception e) when (e is not (GridException or OperationCanceledException))
        {
            throw new GridException(GridError.Unavailable($"silo '{target}'", $"could not read shard {shard} ahead: {e.Message}", "Move it elsewhere, or later.", retryAfterMs: 1000), e);
        }
    }
}
