namespace Grid.Client.Wire;

/// <summary>A prediction as the log has it.</summary>
public sealed record PredictionRecordBody
{
    public required string PredictionId { get; init; }

    public required string Tenant { get; init; }

    public required string Entity { get; init; }

    /// <summary>The time its features were read as of.</summary>
    public required WireTime AsOf { get; init; }

    public required WireTime Answered { get; init; }

    public required string Model { get; init; }

    public required string Version { get; init; }

    /// <summary>Content digest of the version.</summary>
    public required string Digest { get; init; }

    /// <summary>Digest of the feature views that its vector was read under.</summary>
    public required string Views { get; init; }

    /// <summary>The catalogue revision that chose the version.</summary>
    public required long CatalogueRevision { get; init; }

    /// <summary>Time from the shard's taking it up to the answer, in microseconds.</summary>
    public required int LatencyUs { get; init; }

    /// <summary>The trace it was part of.</summary>
    public string? TraceId { get; init; }

    /// <summary>What computed it: build of the runtime and kind of processor.</summary>
    public required string Runtime { get; init; }

    public required IReadOnlyList<string> FeatureNames { get; init; }

    /// <summary>The vector that the model saw, in the order of the names.</summary>
    public required WireFloats Features { get; init; }

    public required IReadOnlyList<string> OutputNames { get; init; }

    /// <summary>What the model said, in the order of the names.</summary>
    public required WireFloats Outputs { get; init; }
}
