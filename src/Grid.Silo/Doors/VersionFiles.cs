using Grid.Abstractions;
using Grid.Primitives;
using Grid.Storage;

namespace Grid.Silo.Doors;

/// <summary>Content of the files of versions.</summary>
internal static class VersionFiles
{
    /// <exception cref="GridException">Corrupt: the catalogue names content by something that is no digest. NotFound: the store does not have it.</exception>
    public static Task<Stream> OpenAsync(this IArtifactStore artifacts, ArtifactFile file, CancellationToken cancellationToken) =>
        Digest.TryParse(file.Digest, out var digest)
            ? artifacts.OpenAsync(digest, cancellationToken)
            : throw new GridError(GridErrorCode.Corrupt, $"file '{file.Name}'", $"has the digest '{file.Digest}', which is none.", "Restore the store from a backup.").ToException();
}
