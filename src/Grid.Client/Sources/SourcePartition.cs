namespace Grid.Client.Sources;

/// <summary>One partition of a source and the shard that it feeds.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Shard">The tenant's shard.</param>
/// <param name="Feed">One reading of the source.</param>
/// <param name="Partition">The partition.</param>
/// <param name="ReaderEpoch">Rises with every reader of the partition; a shard refuses an older one than it has seen.</param>
public sealed record SourcePartition(string Tenant, int Shard, string Feed, string Partition, long ReaderEpoch)
{
    public override string ToString() => $"partition '{Partition}' of feed '{Feed}' in shard {Tenant}/{Shard}";
}
