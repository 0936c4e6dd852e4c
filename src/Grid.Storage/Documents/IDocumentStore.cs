namespace Grid.Storage;

/// <summary>
/// States of actors that are more than a few rows and belong to nobody's catalogue: documents by name, each replaced whole under its version. A name that was
/// removed begins at version 1 again, so a set of documents that belong together needs one that stays and is part of every change. Safe for concurrent use.
/// </summary>
public interface IDocumentStore
{
    /// <summary>Most changes of one call.</summary>
    const int MaxSwaps = 256;

    /// <summary>Reads one document; null if there is none.</summary>
    /// <exception cref="Primitives.GridException">Corrupt: what is stored fails its checksum.</exception>
    Task<StoredDocument?> GetAsync(DocumentKey key, CancellationToken cancellationToken);

    /// <summary>Reads documents of a kind in the order of their names.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="prefix">What their names begin with; empty for all.</param>
    /// <param name="after">The last name of the page before; empty to start.</param>
    /// <param name="max">The most to return, 1 to 1,000.</param>
    Task<IReadOnlyList<StoredDocument>> ListAsync(string kind, string prefix, string after, int max, CancellationToken cancellationToken);

    /// <summary>Names of the documents of a kind whose time has come, the longest overdue first.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="nowMs">Unix milliseconds.</param>
    /// <param name="max">The most to return, 1 to 1,000.</param>
    Task<IReadOnlyList<string>> DueAsync(string kind, long nowMs, int max, CancellationToken cancellationToken);

    /// <summary>Makes changes in one transaction, durable when this returns: all of them, or none where one expects another version.</summary>
    /// <param name="swaps">1 to <see cref="MaxSwaps"/> changes of different documents.</param>
    /// <returns>Whether they were made.</returns>
    Task<bool> SwapAsync(IReadOnlyList<DocumentSwap> swaps, CancellationToken cancellationToken);
}
