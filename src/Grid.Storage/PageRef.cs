namespace Grid.Storage;

/// <summary>Where a page of a snapshot is stored: the snapshot that wrote it, and the checksum it must have.</summary>
internal readonly record struct PageRef(int PageId, long Sequence, long Epoch, long Checksum);
