namespace Grid.Storage;

/// <summary>Names one partition of a source. Written <c>feed#partition</c>.</summary>
/// <param name="Feed">The topic's identity: a topic that is made anew gets another one, as its positions begin anew. Not empty.</param>
/// <param name="Partition">The partition, 0 or more.</param>
public readonly record struct SourcePartitionKey(string Feed, int Partition)
{
    public override string ToString() => $"{Feed}#{Partition}";
}
