namespace Grid.Storage;

/// <summary>A document as it stands. Immutable.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Version">Counts the changes of this document from 1.</param>
/// <param name="DueMs">When its owner wants to be woken, Unix milliseconds; null: not by itself.</param>
/// <param name="Body">What it says, opaque to the store.</param>
public sealed record StoredDocument(DocumentKey Key, long Version, long? DueMs, ReadOnlyMemory<byte> Body);
