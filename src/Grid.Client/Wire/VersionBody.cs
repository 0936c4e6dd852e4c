namespace Grid.Client.Wire;

/// <summary>One immutable version of a model and what has become of it.</summary>
public sealed record VersionBody
{
    public required string Workspace { get; init; }

    public required string Model { get; init; }

    public required string Version { get; init; }

    /// <summary>Content digest over all files.</summary>
    public required string Digest { get; init; }

    /// <summary><c>registered</c>, <c>staged</c>, <c>shadow</c>, <c>canary</c>, <c>arm</c>, <c>live</c> or <c>retired</c>.</summary>
    public required string State { get; init; }

    public required IReadOnlyList<ArtifactFileBody> Files { get; init; }

    public required IReadOnlyList<TensorSpecBody> Inputs { get; init; }

    public required IReadOnlyList<TensorSpecBody> Outputs { get; init; }

    /// <summary>The manifest as YAML; absent for tensor access only.</summary>
    public string? Manifest { get; init; }

    public WireTime Registered { get; init; }

    public required IReadOnlyList<ReplicaBody> Replicas { get; init; }

    /// <summary>Where it comes from; absent where its folder has no <c>lineage.json</c>.</summary>
    public LineageBody? Lineage { get; init; }

    public Dictionary<string, string>? Tags { get; init; }
}
