using Orleans;

namespace Grid.Abstractions;

/// <summary>A rollout and what has been measured under it since its last change of traffic, over all silos.</summary>
/// <param name="Workspace">The workspace.</param>
/// <param name="Model">The model.</param>
/// <param name="Rollout">How traffic divides.</param>
/// <param name="Versions">Counts by version; empty where all traffic goes to the live version and nothing is compared.</param>
/// <param name="Comparisons">Comparisons with the champion.</param>
/// <param name="Guards">What the guards of the version on trial measure now; empty where there are none.</param>
/// <param name="Last">The last change of traffic.</param>
/// <param name="Revision">Catalogue revision.</param>
[GenerateSerializer, Immutable, Alias("grid.rollout-status")]
public sealed record RolloutStatus(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string Model,
    [property: Id(2)] Rollout Rollout,
    [property: Id(3)] VersionTally[] Versions,
    [property: Id(4)] ComparisonTally[] Comparisons,
    [property: Id(5)] RolloutFigure[] Guards,
    [property: Id(6)] RolloutStep? Last,
    [property: Id(7)] long Revision);
