namespace Grid.Storage;

/// <summary>The catalogue, or what changed in it, from one consistent read. Immutable.</summary>
/// <param name="Revision">The revision that the entries add up to.</param>
/// <param name="IsWhole">True if the entries are the whole catalogue and replace what the reader had; false if they are the changes since the revision asked for.</param>
/// <param name="Entries">In the order of their revisions. Changes hold tombstones, the whole catalogue does not.</param>
public sealed record CatalogueChanges(long Revision, bool IsWhole, IReadOnlyList<CatalogueEntry> Entries);
