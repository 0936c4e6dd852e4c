namespace Grid.Bench.Entering;

/// <summary>One contender in one round.</summary>
/// <param name="P50Ms">Latency.</param>
/// <param name="P99Ms">Latency.</param>
/// <param name="CpuMicroseconds">Processor time of all silos for a request.</param>
/// <param name="Elsewhere">Share of the requests that did not take the way that was meant: their shard had moved.</param>
internal sealed record EnteringRound(double P50Ms, double P99Ms, double CpuMicroseconds, double Elsewhere);
