using Orleans;

namespace Grid.Abstractions;

/// <summary>A file of a version, by content address.</summary>
[GenerateSerializer, Immutable, Alias("grid.artifact-file")]
public sealed record ArtifactFile([property: Id(0)] string Name, [property: Id(1)] string Digest, [property: Id(2)] long Bytes);
