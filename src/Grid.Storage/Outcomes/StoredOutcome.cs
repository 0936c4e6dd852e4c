namespace Grid.Storage;

/// <summary>An outcome with its place in the table.</summary>
/// <param name="Id">Rises in the order of first arrival, from 1.</param>
/// <param name="Record">The outcome, with its latest value.</param>
/// <param name="Corrections">How often its value was replaced.</param>
public sealed record StoredOutcome(long Id, OutcomeRecord Record, int Corrections);
