using Grid.Balancing.Bench.Simulation;

namespace Grid.Balancing.Bench.Policies;

/// <summary>Any silo, and there it stays.</summary>
internal sealed class RandomPolicy : IPlacementPolicy
{
    public string Name => "random";

    public int Place(World world, int shard)
    {
        while (true)
        {
            var silo = world.Silos[world.Random.Next(world.Silos.Count)];
            if (silo.TakesWork)
            {
                return silo.Number;
            }
        }
    }

    public void Step(World world)
    {
    }
}
