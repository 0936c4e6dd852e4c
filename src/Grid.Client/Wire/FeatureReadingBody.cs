namespace Grid.Client.Wire;

/// <summary>Features of one entity as of one time.</summary>
public sealed record FeatureReadingBody
{
    public required string View { get; init; }

    public required string Entity { get; init; }

    public WireTime? AsOf { get; init; }

    /// <summary>Time of the entity's newest event.</summary>
    public WireTime? NewestEvent { get; init; }

    /// <summary>Milliseconds since the owner last confirmed that it owns the shard; absent while that is within 5 s.</summary>
    public long? OwnershipAgeMs { get; init; }

    public required IReadOnlyList<FeatureBody> Features { get; init; }
}
