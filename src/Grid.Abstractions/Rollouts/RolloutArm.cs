using Orleans;

namespace Grid.Abstractions;

/// <summary>One side of an experiment.</summary>
/// <param name="Name">Recorded in each answer.</param>
/// <param name="Version">The version that answers for it; two arms may share one (an A/A test).</param>
/// <param name="Weight">Its share is its weight over the sum of all; over 0.</param>
[GenerateSerializer, Immutable, Alias("grid.rollout-arm")]
public sealed record RolloutArm([property: Id(0)] string Name, [property: Id(1)] string Version, [property: Id(2)] double Weight);
