using Orleans;

namespace Grid.Abstractions;

/// <summary>A prediction that may get an outcome.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Tenant">Its tenant.</param>
/// <param name="Entity">Its entity.</param>
/// <param name="TimeMs">As-of time, Unix milliseconds.</param>
/// <param name="Score">The last value of its answer.</param>
[GenerateSerializer, Immutable, Alias("grid.recent-prediction")]
public readonly record struct RecentPrediction(
    [property: Id(0)] string Id,
    [property: Id(1)] string Tenant,
    [property: Id(2)] string Entity,
    [property: Id(3)] long TimeMs,
    [property: Id(4)] double Score);
