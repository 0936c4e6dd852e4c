namespace Grid.Monitoring.Signals;

/// <summary>Which logged predictions to train on, with their outcomes. Immutable.</summary>
/// <param name="Model">The model whose predictions they are.</param>
/// <param name="From">The first time, inclusive; null: from the beginning.</param>
/// <param name="To">The end, exclusive.</param>
/// <param name="LabelledRows">Outcomes that arrived since the training before.</param>
public sealed record SignalDataSet(string Model, DateTimeOffset? From, DateTimeOffset To, long LabelledRows);
