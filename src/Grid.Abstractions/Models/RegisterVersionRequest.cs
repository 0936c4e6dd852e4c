using Orleans;

namespace Grid.Abstractions;

/// <summary>A version whose files are already in the artifact store.</summary>
/// <param name="Digest">Content digest over all files.</param>
/// <param name="MakeLive">Promote it once it is ready on every silo that will be asked.</param>
[GenerateSerializer, Immutable, Alias("grid.register-version-request")]
public sealed record RegisterVersionRequest(
    [property: Id(0)] string Version,
    [property: Id(1)] string Digest,
    [property: Id(2)] ArtifactFile[] Files,
    [property: Id(3)] bool MakeLive);
