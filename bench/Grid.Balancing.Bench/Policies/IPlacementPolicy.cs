using Grid.Balancing.Bench.Simulation;

namespace Grid.Balancing.Bench.Policies;

/// <summary>A way to place shards and to move them.</summary>
internal interface IPlacementPolicy
{
    string Name { get; }

    /// <summary>Number of the silo for a shard that lives nowhere.</summary>
    int Place(World world, int shard);

    /// <summary>Called after each tick.</summary>
    void Step(World world);
}
