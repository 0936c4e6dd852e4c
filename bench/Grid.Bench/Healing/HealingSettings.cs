namespace Grid.Bench.Healing;

/// <summary>How large the benchmark of healing is.</summary>
/// <param name="Faults">What is done to one of the silos, each to a grid of its own.</param>
/// <param name="Silos">Silos.</param>
/// <param name="Shards">Live shards, one for each tenant.</param>
/// <param name="PredictionsPerSecond">Steady load.</param>
/// <param name="WritesPerSecond">Steady load of keyed appends.</param>
/// <param name="BeforeSeconds">Measured before the fault.</param>
/// <param name="AfterSeconds">Measured after it, or longer where not everything has come back.</param>
/// <param name="AskSeconds">Within this time from the fault every shard of the silo is asked once beside the load.</param>
internal sealed record HealingSettings(
    IReadOnlyList<HealingFault> Faults,
    int Silos,
    int Shards,
    double PredictionsPerSecond,
    double WritesPerSecond,
    double BeforeSeconds,
    double AfterSeconds,
    double AskSeconds)
{
    public static HealingSettings Full { get; } = new([HealingFault.Kill, HealingFault.Freeze, HealingFault.Drain], 3, 3_000, 150, 30, 20, 20, 2);

    public static HealingSettings Smoke { get; } = new([HealingFault.Kill, HealingFault.Drain], 3, 30, 40, 10, 1, 1, 0.5);
}
