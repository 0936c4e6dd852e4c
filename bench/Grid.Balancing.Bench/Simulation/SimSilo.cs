using Grid.Grains.Balancing;
using Grid.Grains.Placement;

namespace Grid.Balancing.Bench.Simulation;

/// <summary>One simulated silo.</summary>
internal sealed class SimSilo(int number, string zone, double cores, long memoryBytes)
{
    public int Number { get; } = number;

    public string Name { get; } = $"silo-{number:000}";

    public ulong Hash { get; } = Rendezvous.Hash($"silo-{number:000}");

    public string Zone { get; } = zone;

    public double CapacityCores { get; } = cores;

    public long MemoryLimitBytes { get; } = memoryBytes;

    public SiloState State { get; set; } = SiloState.Active;

    public bool IsAlive { get; set; } = true;

    /// <summary>How much more processor time everything takes here; 1 is normal.</summary>
    public double Slowness { get; set; } = 1;

    /// <summary>Cores that its work asks for now; may be more than it has.</summary>
    public double DemandCores { get; set; }

    /// <summary>What it reports.</summary>
    public double SmoothedCores { get; set; }

    public long ShardBytes { get; set; }

    public int ShardCount { get; set; }

    public double Utilisation => DemandCores / CapacityCores;

    public bool TakesWork => IsAlive && State != SiloState.Draining;
}
