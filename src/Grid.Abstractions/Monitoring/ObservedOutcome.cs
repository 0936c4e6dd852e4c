using Orleans;

namespace Grid.Abstractions;

/// <summary>The truth about one prediction, for the model's monitor.</summary>
/// <param name="Tenant">Its tenant.</param>
/// <param name="PredictionId">Id of the prediction; or null, and then tenant, entity and time name it.</param>
/// <param name="Entity">Its entity.</param>
/// <param name="TimeMs">As-of time of the prediction, Unix milliseconds.</param>
/// <param name="Label">0 or 1 for a binary model, the true value for a regression.</param>
/// <param name="Score">What the version answered, where the caller has joined it (from a log of predictions); null: it is joined to what silos reported lately.</param>
/// <param name="Version">The version that answered; required with <paramref name="Score"/>.</param>
[GenerateSerializer, Immutable, Alias("grid.observed-outcome")]
public readonly record struct ObservedOutcome(
    [property: Id(0)] string Tenant,
    [property: Id(1)] string? PredictionId,
    [property: Id(2)] string Entity,
    [property: Id(3)] long TimeMs,
    [property: Id(4)] double Label,
    [property: Id(5)] double? Score,
    [property: Id(6)] string? Version);
