using Grid.Balancing.Bench.Policies;

namespace Grid.Balancing.Bench.Simulation;

/// <summary>A world under a policy, with what was measured.</summary>
internal sealed class Run
{
    private readonly IPlacementPolicy _policy;

    public Run(WorldOptions options, IPlacementPolicy policy)
    {
        _policy = policy;
        World = new World(options);
        World.PlaceAll(shard => policy.Place(World, shard), static _ => true);
    }

    public World World { get; }

    /// <summary>Utilisation of the busiest silo over the mean, after each tick.</summary>
    public List<double> Imbalance { get; } = [];

    /// <summary>Share of calls answered where the shard is, after each tick.</summary>
    public List<double> Locality { get; } = [];

    /// <summary>Moves made after each tick, in total.</summary>
    public List<long> Moves { get; } = [];

    /// <summary>Lets the simulated time pass.</summary>
    public void For(TimeSpan time)
    {
        for (var ticks = (long)time.TotalMilliseconds / World.Options.TickMs; ticks > 0; ticks--)
        {
            World.Advance();
            var silos = World.Silos.Where(static s => s.TakesWork).ToArray();
            var mean = World.Silos.Sum(static s => s.DemandCores) / silos.Sum(static s => s.CapacityCores);
            Imbalance.Add(silos.Max(static s => s.Utilisation) / mean);
            Locality.Add(World.LocalCalls / World.AllCalls);
            _policy.Step(World);
            Moves.Add(World.Moves);
        }
    }

    public void Kill(SimSilo silo)
    {
        World.Kill(silo);
        World.PlaceAll(shard => _policy.Place(World, shard), shard => World.SiloOf(shard) == silo.Number);
    }

    /// <summary>Mean of the last so many ticks.</summary>
    public static double Last(List<double> figures, int ticks) => figures.TakeLast(ticks).Average();
}
