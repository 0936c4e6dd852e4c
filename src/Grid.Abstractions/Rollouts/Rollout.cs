using Orleans;

namespace Grid.Abstractions;

/// <summary>How a model's traffic divides. At most one of <paramref name="Canary"/> and <paramref name="Experiment"/> is there.</summary>
/// <param name="Number">Counts every change of traffic of the model; figures belong to one number.</param>
/// <param name="Live">The version that answers whatever nothing else takes; null before the first.</param>
/// <param name="Canary">A version that takes a share of it.</param>
/// <param name="Experiment">Arms that take all of it.</param>
/// <param name="Shadows">Versions that compute the same predictions afterwards, for comparison alone.</param>
[GenerateSerializer, Immutable, Alias("grid.rollout")]
public sealed record Rollout(
    [property: Id(0)] long Number,
    [property: Id(1)] string? Live,
    [property: Id(2)] Canary? Canary,
    [property: Id(3)] Experiment? Experiment,
    [property: Id(4)] string[] Shadows);
