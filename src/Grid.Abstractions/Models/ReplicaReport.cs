using Orleans;

namespace Grid.Abstractions;

/// <summary>What one silo's model host says about one version.</summary>
/// <param name="Silo">The silo.</param>
/// <param name="State"><c>loading</c>, <c>ready</c>, <c>failed</c>, or <c>able</c>: not loaded, and not wanted there.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="Revision">The catalogue revision that the silo had reconciled.</param>
[GenerateSerializer, Immutable, Alias("grid.replica-report")]
public sealed record ReplicaReport(
    [property: Id(0)] string Silo,
    [property: Id(1)] string State,
    [property: Id(2)] string? Reason,
    [property: Id(3)] long Revision);
