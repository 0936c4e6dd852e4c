using Grid.Inference.Manifests;

namespace Grid.Inference.Repository;

/// <summary>A version that a scan found.</summary>
/// <param name="Model">Name of the model: its folder's.</param>
/// <param name="Version">Name of the version: its folder's.</param>
/// <param name="Package">Its files.</param>
/// <param name="Manifest">Its manifest, or null where it has none.</param>
public sealed record FoundVersion(string Model, string Version, ModelPackage Package, ModelManifest? Manifest);
