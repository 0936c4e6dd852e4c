using Grid.Abstractions;
using Grid.Primitives;

namespace Grid.Grains.Ingestion;

/// <summary>The lanes to the shards of one tenant, each made when it is first used.</summary>
internal sealed class TenantLanes(string workspace, string tenant, int shards)
{
    private readonly ShardLane?[] _lanes = new ShardLane?[shards];

    public int Shards => shards;

    public ShardLane? this[int shard]
    {
        get => _lanes[shard];
        set => _lanes[shard] = value;
    }

    public ShardLane Open(int shard, IGrainFactory grains, long frontier, int maxDeliveryBytes)
    {
        var key = new ShardKey(workspace, tenant, shard);
        return _lanes[shard] = new ShardLane(key, grains.GetGrain<IFeatureShardGrain>(key.ToString()), frontier, maxDeliveryBytes);
    }
}
