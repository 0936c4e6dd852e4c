namespace Grid.Client.Wire;

/// <summary>The readers of all partitions of a workspace's sources.</summary>
public sealed record StreamsBody
{
    public required IReadOnlyList<StreamPartitionBody> Partitions { get; init; }
}
