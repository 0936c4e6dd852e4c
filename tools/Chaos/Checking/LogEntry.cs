namespace Grid.Chaos.Checking;

/// <summary>An event row of a shard's log.</summary>
/// <param name="Feed">The feed; <c>push</c> for pushes.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Position">The offset; for a push the upper half of its key's hash.</param>
/// <param name="TimeMs">Event time.</param>
/// <param name="KeyHash">For a push.</param>
internal readonly record struct LogEntry(string Feed, string Partition, long Position, long TimeMs, UInt128 KeyHash);
