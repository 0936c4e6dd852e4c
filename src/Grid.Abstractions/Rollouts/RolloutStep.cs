using Orleans;

namespace Grid.Abstractions;

/// <summary>One change of a model's traffic, as its trail keeps it.</summary>
/// <param name="AtMs">When, Unix milliseconds.</param>
/// <param name="Action">What was done.</param>
/// <param name="Version">To which version; null where to none in particular.</param>
/// <param name="IsAutomatic">Done by the guards and not by hand.</param>
/// <param name="Reason">Why, for people; null where not said.</param>
/// <param name="Figures">The numbers it was decided on; empty where it was done by hand.</param>
/// <param name="After">How traffic divided from then on.</param>
[GenerateSerializer, Immutable, Alias("grid.rollout-step")]
public sealed record RolloutStep(
    [property: Id(0)] long AtMs,
    [property: Id(1)] RolloutAction Action,
    [property: Id(2)] string? Version,
    [property: Id(3)] bool IsAutomatic,
    [property: Id(4)] string? Reason,
    [property: Id(5)] RolloutFigure[] Figures,
    [property: Id(6)] Rollout After);
