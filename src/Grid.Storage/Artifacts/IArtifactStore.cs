using Grid.Primitives;

namespace Grid.Storage;

/// <summary>Immutable files under their content address. Safe for concurrent use.</summary>
public interface IArtifactStore
{
    /// <summary>Stores a stream, read to its end. It becomes visible whole and durable, or not at all. Storing the same content again is harmless and mends a damaged copy.</summary>
    /// <param name="content">The content, from its current position.</param>
    /// <param name="maxBytes">The most that is accepted.</param>
    /// <exception cref="GridException">TooLarge: the content is longer. Unavailable: the disk is full or away.</exception>
    Task<ArtifactInfo> PutAsync(Stream content, long maxBytes, CancellationToken cancellationToken);

    /// <summary>
    /// Opens an artifact for reading from start to end; it cannot seek. The read that would return the end checks what was read against
    /// the digest: only a reader that has seen the end has verified content.
    /// </summary>
    /// <exception cref="GridException">NotFound; or Corrupt from the read that reaches the end.</exception>
    Task<Stream> OpenAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>True if an artifact of this digest is stored. Says nothing about its bytes.</summary>
    ValueTask<bool> ExistsAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>Verifies an artifact's bytes and returns the path of its file, for callers that map it into memory. Never write to it.</summary>
    /// <exception cref="GridException">NotFound or Corrupt.</exception>
    Task<string> VerifiedPathOfAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>Artifacts whose content begins with these bytes, in no order.</summary>
    /// <param name="beginning">1 to 64 bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<Digest>> FindAsync(ReadOnlyMemory<byte> beginning, CancellationToken cancellationToken);

    /// <summary>
    /// Removes an artifact, if it is there, and this store's copy of it. Another process that has a copy of its own calls the same for it. Who has it open keeps it until it is closed.
    /// </summary>
    Task RemoveAsync(Digest digest, CancellationToken cancellationToken);
}
