using Grid.Primitives;

namespace Grid.Storage;

/// <summary>
/// Faults that a test injects into one store. A store without them pays a null check. Handlers run on the store's own threads and must
/// be safe for concurrent use.
/// </summary>
public sealed class StoreFaults
{
    private volatile bool _diskIsFull;

    /// <summary>Called at each point with the shard (default where there is none) and the sequence (0 where there is none); fails there by throwing.</summary>
    public Action<StoreFaultPoint, ShardKey, long>? Reached { get; init; }

    /// <summary>Replaces the bytes of a block as they are written, after the checksum was taken: a torn write.</summary>
    public Func<ShardKey, long, ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? TearBlock { get; init; }

    /// <summary>While true, the database may not grow: the engine answers every write that needs a new page as on a full disk.</summary>
    public bool DiskIsFull { get => _diskIsFull; set => _diskIsFull = value; }

    /// <summary>
    /// Breaks fencing: an append is no longer conditional on the epoch. In PostgreSQL it is not conditional on the sequence either, and replaces a block that
    /// is there: the sequence alone would still stop an old owner. Shows that a test of fencing can fail.
    /// </summary>
    public bool IgnoreEpoch { get; init; }

    /// <summary>Breaks durability: an append is answered before its transaction is committed. Shows that a test of durability can fail.</summary>
    public bool AnswerBeforeCommit { get; init; }

    internal void Reach(StoreFaultPoint point, ShardKey shard = default, long sequence = 0) => Reached?.Invoke(point, shard, sequence);
}
