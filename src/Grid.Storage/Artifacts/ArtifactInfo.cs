using Grid.Primitives;

namespace Grid.Storage;

/// <summary>A stored artifact.</summary>
/// <param name="Digest">Its content address.</param>
/// <param name="SizeBytes">Its length in bytes.</param>
public sealed record ArtifactInfo(Digest Digest, long SizeBytes);
