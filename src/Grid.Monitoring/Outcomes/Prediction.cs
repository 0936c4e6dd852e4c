namespace Grid.Monitoring.Outcomes;

/// <summary>A prediction that waits for its outcome.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Entity">The entity it was made for, with its tenant; null for a prediction by tensor.</param>
/// <param name="Time">When it was made.</param>
/// <param name="Score">What the model answered.</param>
/// <param name="Version">The version that did.</param>
/// <param name="Rival">What another version answered on the same features; null where none was asked.</param>
public readonly record struct Prediction(string Id, string? Entity, DateTimeOffset Time, double Score, string Version = "", double? Rival = null);
