namespace Grid.Features.Shards;

/// <summary>The applied mark of one source; -1 for nothing.</summary>
public readonly record struct SourceMark(string Feed, string Partition, long Applied);
