namespace Grid.Inference.Manifests;

/// <summary>A value that an answer carries. Immutable.</summary>
/// <param name="Name">Its public name.</param>
/// <param name="Output">The ONNX output it is taken from.</param>
/// <param name="Index">Which element of a row's output, from 0; null for the whole row.</param>
public sealed record ManifestOutput(string Name, string Output, int? Index = null);
