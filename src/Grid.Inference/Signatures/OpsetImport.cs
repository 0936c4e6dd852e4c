namespace Grid.Inference.Signatures;

/// <summary>An operator set that a model needs.</summary>
/// <param name="Domain">The domain; empty for the standard operators of ONNX.</param>
/// <param name="Version">The version of the set.</param>
public sealed record OpsetImport(string Domain, long Version);
