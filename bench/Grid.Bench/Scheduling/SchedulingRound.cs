namespace Grid.Bench.Scheduling;

/// <summary>What one number of silos did in one round.</summary>
/// <param name="PerSecond">Predictions a second with devices that always have something waiting.</param>
/// <param name="P50Ms">Latency at the paced rate.</param>
/// <param name="P99Ms">Latency at the paced rate.</param>
/// <param name="Errors">Predictions that failed.</param>
/// <param name="SiloCores">Cores that the silos used while the devices were full.</param>
/// <param name="CallerCores">Cores that the callers used meanwhile.</param>
internal sealed record SchedulingRound(double PerSecond, double P50Ms, double P99Ms, int Errors, double SiloCores, double CallerCores);
