using Orleans;

namespace Grid.Abstractions;

/// <summary>A step that evidence asks for. It changes nothing where traffic has been changed since the evidence was measured.</summary>
/// <param name="Number">The rollout's number that the evidence was measured under.</param>
/// <param name="Action">Canary, Promote, Rollback or Unshadow.</param>
/// <param name="Version">The version on trial.</param>
/// <param name="SharePercent">The share to go to, for a canary.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Figures">The numbers it was decided on.</param>
[GenerateSerializer, Immutable, Alias("grid.rollout-decision")]
public sealed record RolloutDecision(
    [property: Id(0)] long Number,
    [property: Id(1)] RolloutAction Action,
    [property: Id(2)] string Version,
    [property: Id(3)] double SharePercent,
    [property: Id(4)] string Reason,
    [property: Id(5)] RolloutFigure[] Figures);
