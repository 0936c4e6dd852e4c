using Orleans.Runtime;

namespace Grid.Grains.Placement;

/// <summary>Shards are placed by <see cref="ShardPlacementDirector"/>.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("grid.shard-placement")]
internal sealed class ShardPlacement : PlacementStrategy
{
    public static readonly ShardPlacement Instance = new();
}
