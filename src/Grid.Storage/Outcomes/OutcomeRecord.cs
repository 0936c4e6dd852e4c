namespace Grid.Storage;

/// <summary>The truth that arrived for a prediction.</summary>
/// <param name="PredictionId">The id the prediction was answered with; null if the outcome names (Model, Entity, Time) instead.</param>
/// <param name="Model">The model that predicted. Not empty.</param>
/// <param name="Entity">The entity it was about; may be empty where there is a prediction id.</param>
/// <param name="Time">The as-of time of the prediction, to the microsecond.</param>
/// <param name="Value">The label: 0 or 1, the index of a class, or a quantity. Finite.</param>
/// <param name="ReportedAt">When the truth was reported, to the microsecond.</param>
public sealed record OutcomeRecord(
    string? PredictionId,
    string Model,
    string Entity,
    DateTimeOffset Time,
    double Value,
    DateTimeOffset ReportedAt);
