namespace Grid.Storage;

/// <summary>What a new snapshot changes against the one before it.</summary>
/// <param name="Sequence">The block as of whose end the snapshot is taken, 1 or more. It need not be durable yet: the switch waits for it.</param>
/// <param name="Manifest">The shard's manifest; opaque to the store.</param>
/// <param name="DirtyPages">The pages that changed since the snapshot before, or that are new. Each number once.</param>
/// <param name="LivePages">The numbers of all pages of the snapshot. One that is not dirty is taken over from the snapshot before.</param>
/// <remarks>The memory must not change until the write has been answered.</remarks>
public sealed record SnapshotChange(
    long Sequence,
    ReadOnlyMemory<byte> Manifest,
    IReadOnlyList<SnapshotPage> DirtyPages,
    IReadOnlyList<int> LivePages);
