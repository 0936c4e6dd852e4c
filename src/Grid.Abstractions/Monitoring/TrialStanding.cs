using Orleans;

namespace Grid.Abstractions;

/// <summary>What outcomes and drift say of a version on trial. The fields of a loss are count, sum and sum of squares.</summary>
/// <param name="Champion">The live version that it is compared with; empty where nothing was compared.</param>
/// <param name="Challenger">The version on trial.</param>
/// <param name="ChampionLoss">Losses of the live version on the predictions that both made.</param>
/// <param name="ChallengerLoss">Losses of the version on trial on the same.</param>
/// <param name="LossDifference">The second less the first, row by row.</param>
/// <param name="Drifting">Columns of the version on trial with an open drift signal.</param>
[GenerateSerializer, Immutable, Alias("grid.trial-standing")]
public sealed record TrialStanding(
    [property: Id(0)] string Champion,
    [property: Id(1)] string Challenger,
    [property: Id(2)] LossTally ChampionLoss,
    [property: Id(3)] LossTally ChallengerLoss,
    [property: Id(4)] LossTally LossDifference,
    [property: Id(5)] string[] Drifting);
