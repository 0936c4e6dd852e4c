namespace Grid.Storage.Predictions;

/// <summary>Which predictions a training set is made of. Immutable.</summary>
/// <param name="Workspace">The workspace.</param>
/// <param name="Model">The model.</param>
/// <param name="From">First as-of time, inclusive.</param>
/// <param name="To">End, exclusive.</param>
/// <param name="Tenant">One tenant, or null for all.</param>
/// <param name="Version">One version, or null for all that share the latest vector.</param>
public sealed record DatasetRequest(string Workspace, string Model, DateTimeOffset From, DateTimeOffset To, string? Tenant = null, string? Version = null);
