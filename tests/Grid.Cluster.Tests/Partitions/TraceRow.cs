namespace Grid.Cluster.Tests.Partitions;

/// <summary>An epoch that was taken, or a block that was committed.</summary>
/// <param name="Number">Rises with each.</param>
/// <param name="Tenant">Whose shard it is.</param>
/// <param name="Epoch">The epoch taken, or that of the block.</param>
/// <param name="Owner">The silo that took it, in the life that it was in; null for a block.</param>
/// <param name="Sequence">Number of the block; 0 for an epoch.</param>
internal sealed record TraceRow(long Number, string Tenant, long Epoch, string? Owner, long Sequence)
{
    public bool IsTake => Owner is not null;
}
