namespace Grid.Client.Wire;

/// <summary>What one silo says about a version.</summary>
public sealed record ReplicaBody
{
    public required string Silo { get; init; }

    public required string State { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }

    /// <summary>Catalogue revision that the silo had reconciled.</summary>
    public long Revision { get; init; }
}
