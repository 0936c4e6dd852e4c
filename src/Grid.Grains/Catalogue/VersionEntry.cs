using Grid.Abstractions;

namespace Grid.Grains.Catalogue;

/// <summary>Stored version. Everything but <paramref name="State"/> is fixed when it is registered.</summary>
/// <param name="State">Registered, Staged or Retired; that a version is live is the model's to say.</param>
/// <param name="Lineage">Where it comes from; null where it does not say.</param>
internal sealed record VersionEntry(
    string Digest,
    VersionState State,
    ArtifactFile[] Files,
    TensorSpec[] Inputs,
    TensorSpec[] Outputs,
    string? Manifest,
    long RegisteredMs,
    Lineage? Lineage = null);
