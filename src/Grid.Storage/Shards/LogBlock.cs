namespace Grid.Storage;

/// <summary>One block of a shard's log, its checksum verified.</summary>
/// <param name="Sequence">Its place in the log, from 1, without gaps.</param>
/// <param name="Epoch">The epoch that it was committed under.</param>
/// <param name="Payload">What was appended; opaque to the store.</param>
public readonly record struct LogBlock(long Sequence, long Epoch, ReadOnlyMemory<byte> Payload);
