namespace Grid.Storage;

/// <summary>A whole snapshot as it was read, every checksum verified. Immutable.</summary>
/// <param name="Sequence">The block as of whose end it was taken.</param>
/// <param name="Manifest">The shard's manifest; opaque to the store.</param>
/// <param name="Pages">All live pages, in the order of their numbers.</param>
public sealed record SnapshotImage(long Sequence, ReadOnlyMemory<byte> Manifest, IReadOnlyList<SnapshotPage> Pages);
