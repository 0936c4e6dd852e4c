namespace Grid.Storage.Predictions;

/// <summary>Predictions that were answered and are not in the log. Immutable.</summary>
/// <param name="Reason">Why.</param>
/// <param name="From">Since when, by the clock of the silo.</param>
/// <param name="To">Until when.</param>
/// <param name="Rows">How many; null where nobody can know.</param>
/// <param name="Workspace">The workspace, or null for any.</param>
/// <param name="Tenant">The tenant, or null for any.</param>
/// <param name="Model">The model, or null for any.</param>
/// <param name="Writer">The writer of the log that missed them.</param>
public sealed record PredictionGap(PredictionGapReason Reason, DateTimeOffset From, DateTimeOffset To, long? Rows, string? Workspace, string? Tenant, string? Model, string Writer);
