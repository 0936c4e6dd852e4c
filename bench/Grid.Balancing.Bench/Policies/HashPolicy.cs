using Grid.Balancing.Bench.Simulation;
using Grid.Grains.Placement;

namespace Grid.Balancing.Bench.Policies;

/// <summary>By rendezvous with equal weights, and there it stays.</summary>
internal sealed class HashPolicy : IPlacementPolicy
{
    public string Name => "hash";

    public int Place(World world, int shard)
    {
        var key = Rendezvous.Hash(world.KeyOf(shard).ToString());
        var best = -1;
        var bestDraw = double.NegativeInfinity;
        foreach (var silo in world.Silos)
        {
            var draw = silo.TakesWork ? Rendezvous.Draw(key, silo.Hash, 1) : double.NegativeInfinity;
            if (draw > bestDraw)
            {
                (best, bestDraw) = (silo.Number, draw);
            }
        }

        return best;
    }

    public void Step(World world)
    {
    }
}
