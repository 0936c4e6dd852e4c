using Orleans;

namespace Grid.Abstractions;

/// <summary>What the live version and one on trial said of the same features.</summary>
/// <param name="Id">Id of the prediction that was answered.</param>
/// <param name="Tenant">Its tenant.</param>
/// <param name="Entity">Its entity.</param>
/// <param name="TimeMs">As-of time, Unix milliseconds.</param>
/// <param name="Champion">The live version.</param>
/// <param name="ChampionScore">The last value of its answer.</param>
/// <param name="Score">The last value of the answer of the version on trial.</param>
[GenerateSerializer, Immutable, Alias("grid.trial-pair")]
public readonly record struct TrialPair(
    [property: Id(0)] string Id,
    [property: Id(1)] string Tenant,
    [property: Id(2)] string Entity,
    [property: Id(3)] long TimeMs,
    [property: Id(4)] string Champion,
    [property: Id(5)] double ChampionScore,
    [property: Id(6)] double Score);
