using Orleans;

namespace Grid.Abstractions;

/// <summary>What became of outcomes.</summary>
/// <param name="Joined">Found their prediction.</param>
/// <param name="Duplicates">Said again what was known.</param>
/// <param name="Corrected">Replaced another label.</param>
/// <param name="Waiting">Wait for their prediction, for an hour at most.</param>
/// <param name="Ignored">Of no version that is watched, or not a finite number.</param>
[GenerateSerializer, Immutable, Alias("grid.outcome-counts")]
public sealed record OutcomeCounts(
    [property: Id(0)] int Joined,
    [property: Id(1)] int Duplicates,
    [property: Id(2)] int Corrected,
    [property: Id(3)] int Waiting,
    [property: Id(4)] int Ignored);
