namespace Grid.Samples.Flights;

/// <summary>What is known of a route before a flight.</summary>
/// <param name="DistanceMi">Miles.</param>
/// <param name="BlockMin">Minutes from gate to gate.</param>
public sealed record Route(int DistanceMi, int BlockMin);
