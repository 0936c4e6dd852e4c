using Orleans;

namespace Grid.Abstractions;

/// <summary>A number that a step was decided on.</summary>
/// <param name="Name">What was measured: <c>error_rate</c>, <c>p99_ms</c>, <c>disagreement</c>.</param>
/// <param name="Value">What it was.</param>
/// <param name="Limit">What it may be.</param>
/// <param name="Samples">How many answers it was measured on.</param>
[GenerateSerializer, Immutable, Alias("grid.rollout-figure")]
public sealed record RolloutFigure(
    [property: Id(0)] string Name,
    [property: Id(1)] double Value,
    [property: Id(2)] double Limit,
    [property: Id(3)] long Samples);
