namespace Grid.Storage;

/// <summary>One entry of the catalogue as of a revision. Immutable.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Version">Counts the changes of this entry from 1, across deletions too, so that a version never comes back.</param>
/// <param name="Revision">The revision of the catalogue that changed it last.</param>
/// <param name="Body">What it says, opaque to the store; null for a tombstone.</param>
public sealed record CatalogueEntry(CatalogueKey Key, long Version, long Revision, ReadOnlyMemory<byte>? Body)
{
    public bool IsDeleted => Body is null;
}
