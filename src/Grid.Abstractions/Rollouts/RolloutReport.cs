using Orleans;

namespace Grid.Abstractions;

/// <summary>
/// What one silo has counted since a rollout's last change of traffic: everything, not what is new, so that a report that is lost or sent twice does no harm.
/// </summary>
/// <param name="Silo">The silo with its generation: a silo that starts again is another one.</param>
/// <param name="Sequence">Rises with each report of the silo; an older one changes nothing.</param>
/// <param name="Number">The rollout's number that was counted under.</param>
/// <param name="Versions">By version.</param>
/// <param name="Comparisons">By challenger.</param>
[GenerateSerializer, Immutable, Alias("grid.rollout-report")]
public sealed record RolloutReport(
    [property: Id(0)] string Silo,
    [property: Id(1)] long Sequence,
    [property: Id(2)] long Number,
    [property: Id(3)] VersionTally[] Versions,
    [property: Id(4)] ComparisonTally[] Comparisons);
