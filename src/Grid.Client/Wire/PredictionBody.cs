namespace Grid.Client.Wire;

/// <summary>Answer to a prediction; or, within an answer to many, an <see cref="Error"/> with its model and entity.</summary>
public sealed record PredictionBody
{
    /// <summary>What outcomes are reported by.</summary>
    public string? PredictionId { get; init; }

    public required string Model { get; init; }

    /// <summary>The version that computed the answer.</summary>
    public string? Version { get; init; }

    /// <summary>Why this version answered: <c>live</c>, <c>canary</c>, the name of an experiment's arm, or <c>pinned</c> by the caller.</summary>
    public string? Arm { get; init; }

    /// <summary>Content digest of the version.</summary>
    public string? Digest { get; init; }

    /// <summary>The catalogue revision that chose the version.</summary>
    public long CatalogueRevision { get; init; }

    public required string Entity { get; init; }

    /// <summary>The time the features were read as of.</summary>
    public WireTime? AsOf { get; init; }

    /// <summary>Values by output name: a number where the output is one value, else an array; values that are not finite as <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>.</summary>
    public Dictionary<string, WireFloats>? Outputs { get; init; }

    /// <summary>The vector that the model saw, if asked for.</summary>
    public WireFloats? Features { get; init; }

    /// <summary>Base address of the process that holds the features: the next request for this entity can go straight there.</summary>
    public string? Owner { get; init; }

    /// <summary>True where the model ran in the process that holds the features.</summary>
    public bool Local { get; init; }

    /// <summary>Milliseconds since the owner last confirmed that it owns the shard; absent while that is within 5 s.</summary>
    public long? OwnershipAgeMs { get; init; }

    /// <summary>Why there is no answer.</summary>
    public ErrorBody? Error { get; init; }
}
