namespace Grid.Client.Wire;

/// <summary>Marks of one (feed, partition) in one shard; -1 where nothing came yet.</summary>
public sealed record MarksBody
{
    public long Applied { get; init; }

    public long Durable { get; init; }
}
