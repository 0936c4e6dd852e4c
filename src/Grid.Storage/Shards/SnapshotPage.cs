namespace Grid.Storage;

/// <summary>One page of a shard's snapshot.</summary>
/// <param name="PageId">The page's number, chosen by the shard, 0 or more.</param>
/// <param name="Content">The page; opaque to the store.</param>
public readonly record struct SnapshotPage(int PageId, ReadOnlyMemory<byte> Content);
