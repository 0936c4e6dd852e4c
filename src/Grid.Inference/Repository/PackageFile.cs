using Grid.Primitives;

namespace Grid.Inference.Repository;

/// <summary>One file of a version.</summary>
/// <param name="Name">Path inside the version's folder, with <c>/</c>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Digest">SHA-256 of its content.</param>
public sealed record PackageFile(string Name, long Bytes, Digest Digest);
