namespace Grid.Features.Shards;

/// <summary>One page of a snapshot that has changed since the last completed one.</summary>
public readonly record struct SnapshotPage(int Id, ReadOnlyMemory<byte> Content);
