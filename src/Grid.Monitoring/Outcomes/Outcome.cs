namespace Grid.Monitoring.Outcomes;

/// <summary>The truth about a prediction: named by its id, or by entity and time.</summary>
/// <param name="PredictionId">Id of the prediction, or null.</param>
/// <param name="Entity">With <paramref name="Time"/>, in place of an id: the entity's latest prediction at or before that time.</param>
/// <param name="Time">Of the prediction, or a little later.</param>
/// <param name="Label">What happened.</param>
public readonly record struct Outcome(string? PredictionId, string? Entity, DateTimeOffset Time, double Label);
