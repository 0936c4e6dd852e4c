using System.Collections.Immutable;

namespace Grid.Inference.Manifests;

/// <summary>What fills one ONNX input. Immutable.</summary>
/// <param name="Name">Name of the ONNX input.</param>
/// <param name="Columns">Its columns in order.</param>
public sealed record ManifestInput(string Name, ImmutableArray<ManifestColumn> Columns);
