using Orleans;

namespace Grid.Abstractions;

/// <summary>The truth about a prediction, which arrives later.</summary>
/// <param name="PredictionId">Id of the prediction; or null, and then model, entity and time name it.</param>
/// <param name="Model">The model that predicted; empty beside an id has it looked up in the log, which takes longer.</param>
/// <param name="Entity">The entity it predicted for; may be empty beside an id.</param>
/// <param name="TimeMs">As-of time of the prediction, Unix milliseconds; beside an id its own time counts.</param>
/// <param name="Value">The label: 0 or 1 for a binary model, the true value for a regression.</param>
[GenerateSerializer, Immutable, Alias("grid.outcome")]
public sealed record Outcome(
    [property: Id(0)] string? PredictionId,
    [property: Id(1)] string Model,
    [property: Id(2)] string Entity,
    [property: Id(3)] long TimeMs,
    [property: Id(4)] double Value);
