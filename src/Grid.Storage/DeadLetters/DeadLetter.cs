namespace Grid.Storage;

/// <summary>Something that was set aside, with the reason. (Workspace, Tenant, Shard, Source, Position) is its identity.</summary>
/// <param name="Workspace">The workspace; empty where it could not be told.</param>
/// <param name="Tenant">The tenant; empty where it could not be told.</param>
/// <param name="Shard">The shard that set it aside; -1 for a reader in front of the shards.</param>
/// <param name="Source">Where it came from: a topic's identity and partition, or the pushes. Not empty.</param>
/// <param name="Position">Its position within the source, or the caller's idempotency key. Not empty.</param>
/// <param name="Reason">A short stable word: <c>undecodable</c>, <c>late</c>, <c>future</c>, <c>schema</c>.</param>
/// <param name="Message">What is wrong with it, for people.</param>
/// <param name="Payload">The bytes as they came.</param>
/// <param name="SetAsideAt">When it was decided, to the microsecond.</param>
public sealed record DeadLetter(
    string Workspace,
    string Tenant,
    int Shard,
    string Source,
    string Position,
    string Reason,
    string Message,
    ReadOnlyMemory<byte> Payload,
    DateTimeOffset SetAsideAt);
