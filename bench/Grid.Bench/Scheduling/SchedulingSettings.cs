namespace Grid.Bench.Scheduling;

/// <summary>How large the benchmark of scheduling is.</summary>
/// <param name="Silos">Numbers of silos; the first is what the others are compared with.</param>
/// <param name="DeviceMs">Time of a run on a silo's device.</param>
/// <param name="TenantsPerSilo">Tenants, each with a caller of its own.</param>
/// <param name="PacedShare">Share of the devices' rate at which latencies are measured.</param>
/// <param name="Seconds">Length of a measurement.</param>
/// <param name="Rounds">Measured rounds; each number of silos once in each, in rotating order.</param>
/// <param name="WarmUps">Rounds before that, which are not counted.</param>
internal sealed record SchedulingSettings(IReadOnlyList<int> Silos, double DeviceMs, int TenantsPerSilo, double PacedShare, double Seconds, int Rounds, int WarmUps)
{
    public static SchedulingSettings Full { get; } = new([1, 2, 4], 5, 32, 0.5, 6, 5, 1);

    public static SchedulingSettings Smoke { get; } = new([1, 2], 5, 4, 0.5, 0.5, 1, 0);
}
