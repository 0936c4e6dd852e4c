namespace Grid.Storage;

/// <summary>One change of a document: in force only if its version is the expected one.</summary>
/// <param name="Key">The document.</param>
/// <param name="ExpectedVersion">The version that was read; 0 if the document must not exist.</param>
/// <param name="DueMs">When its owner wants to be woken, Unix milliseconds; null: not by itself.</param>
/// <param name="Body">What it shall say; null removes it.</param>
public sealed record DocumentSwap(DocumentKey Key, long ExpectedVersion, long? DueMs, ReadOnlyMemory<byte>? Body);
