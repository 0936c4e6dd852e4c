using Grid.Primitives;
using Orleans;

namespace Grid.Abstractions;

/// <summary>One immutable version of a model and what has become of it.</summary>
/// <param name="Manifest">The manifest as YAML, or null for tensor access only.</param>
[GenerateSerializer, Immutable, Alias("grid.version-info")]
public sealed record VersionInfo(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string Model,
    [property: Id(2)] string Version,
    [property: Id(3)] string Digest,
    [property: Id(4)] VersionState State,
    [property: Id(5)] ArtifactFile[] Files,
    [property: Id(6)] TensorSpec[] Inputs,
    [property: Id(7)] TensorSpec[] Outputs,
    [property: Id(8)] string? Manifest,
    [property: Id(9)] long RegisteredMs,
    [property: Id(10)] ReplicaReport[] Replicas)
{
    /// <summary>Where it comes from; null where its folder has no <c>lineage.json</c>.</summary>
    [Id(11)] public Lineage? Lineage { get; init; }

    [Id(12)] public Dictionary<string, string> Tags { get; init; } = [];

    /// <summary>A file of the version's folder.</summary>
    /// <exception cref="GridException">NotFound: it has no such file.</exception>
    public ArtifactFile RequireFile(string name) =>
        Array.Find(Files, file => file.Name == name)
        ?? throw GridError.NotFound($"file '{name}' of version '{Version}' of model '{Model}'", "does not exist.", $"It has {string.Join(", ", Files.Select(static file => file.Name))}.").ToException();
}
