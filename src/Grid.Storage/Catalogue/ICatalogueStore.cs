namespace Grid.Storage;

/// <summary>
/// The revisioned catalogue. Each change compares and swaps the version of its own entry and takes the next revision in the same
/// transaction, so revisions have no gaps and are in the order of the commits. Safe for concurrent use.
/// </summary>
public interface ICatalogueStore
{
    /// <summary>Reads what changed after a revision.</summary>
    /// <param name="sinceRevision">The revision the reader has; 0 for the whole. A revision that the store has not reached (it was restored) is answered with the whole too.</param>
    Task<CatalogueChanges> ReadAsync(long sinceRevision, CancellationToken cancellationToken);

    /// <summary>Reads one entry; null if there is none or it was deleted.</summary>
    Task<CatalogueEntry?> GetAsync(CatalogueKey key, CancellationToken cancellationToken);

    /// <summary>Replaces an entry if its version is the expected one.</summary>
    /// <param name="key">The entry.</param>
    /// <param name="expectedVersion">The version the caller read; 0 if the entry must not exist.</param>
    /// <param name="body">What it shall say.</param>
    Task<SwapOutcome> SwapAsync(CatalogueKey key, long expectedVersion, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>Deletes an entry if its version is the expected one, and leaves a tombstone with the next version.</summary>
    /// <param name="key">The entry.</param>
    /// <param name="expectedVersion">The version the caller read, 1 or more.</param>
    Task<SwapOutcome> DeleteAsync(CatalogueKey key, long expectedVersion, CancellationToken cancellationToken);
}
