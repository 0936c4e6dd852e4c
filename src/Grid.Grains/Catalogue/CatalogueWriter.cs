using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Grid.Primitives;
using Grid.Storage;

namespace Grid.Grains.Catalogue;

/// <summary>
/// Changes of the catalogue: compare and swap in the store, then this silo's copy, then every other silo's.
/// When a call returns, the change is in force here and every silo that answers has it.
/// </summary>
internal sealed class CatalogueWriter(ICatalogueStore store, CatalogueReplica replica, CatalogueAnnouncer announcer)
{
    /// <param name="kind">Kind of the entry.</param>
    /// <param name="name">Name of the entry.</param>
    /// <param name="expectedVersion">The version read; 0 where the entry must not exist.</param>
    /// <param name="entry">The new body.</param>
    /// <param name="json">How the body is written.</param>
    /// <param name="cancellationToken">Stops before the swap; after it, the change is announced in any case.</param>
    /// <returns>The snapshot that holds the change, or null where somebody else changed the entry first.</returns>
    public async Task<CatalogueSnapshot?> SwapAsync<T>(
        string kind,
        string name,
        long expectedVersion,
        T entry,
        JsonTypeInfo<T> json,
        CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(entry, json);
        var outcome = await store.SwapAsync(new CatalogueKey(kind, name), expectedVersion, body, cancellationToken);
        var snapshot = await replica.PullAsync(CancellationToken.None);
        if (!outcome.IsSwapped)
        {
            return null;
        }

        await announcer.AnnounceAsync(snapshot.Revision);
        return snapshot;
    }

    /// <summary>The error of a caller whose retries all lost.</summary>
    public static GridException Contended(string target) =>
        new GridError(GridErrorCode.Conflict, target, "was changed by somebody else at the same time.", "Read it again and retry.").ToException();
}
