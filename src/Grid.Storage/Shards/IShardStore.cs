using Grid.Primitives;

namespace Grid.Storage;

/// <summary>
/// The durable state of shards: a log of blocks and a snapshot for each, written under an epoch, so that two owners can exist for a
/// moment and two writers cannot. Payloads are opaque. Safe for concurrent use.
/// </summary>
/// <remarks>
/// Methods that are not said to return a failure as a value throw <see cref="GridException"/>: Unavailable (the disk is full or away;
/// retry), Corrupt (stored bytes fail their checks), InvalidArgument (the call can never work).
/// </remarks>
public interface IShardStore
{
    /// <summary>Takes the next epoch of each shard, all in one transaction, which is durable when this returns. A shard that is new gets its owner row.</summary>
    /// <param name="shards">The shards, each once.</param>
    /// <param name="owner">Who takes them, for operators. Not empty.</param>
    /// <returns>The leases in the order of <paramref name="shards"/>.</returns>
    Task<IReadOnlyList<ShardLease>> TakeEpochsAsync(IReadOnlyList<ShardKey> shards, string owner, CancellationToken cancellationToken);

    /// <summary>Reads the snapshot and every block after it, as one consistent state, and verifies all of it.</summary>
    /// <exception cref="GridException">
    /// Corrupt: a block, page or manifest is torn, changed, moved, missing or out of order; the error names shard and sequence or page,
    /// what was expected and what was found. Conflict: the lease is fenced, the error names the epoch.
    /// </exception>
    Task<ShardImage> LoadAsync(ShardLease lease, CancellationToken cancellationToken);

    /// <summary>Reads the blocks after one that the caller holds already, as one consistent state, and verifies them.</summary>
    /// <param name="lease">The caller's lease.</param>
    /// <param name="snapshot">Sequence of the snapshot that the caller's state began with; 0 if it had none.</param>
    /// <param name="after">Sequence of the last block that it holds.</param>
    /// <returns>The blocks, without gaps, up to the last durable one; null where another snapshot was taken since, so that the whole has to be read.</returns>
    /// <exception cref="GridException">As <see cref="LoadAsync"/>.</exception>
    Task<IReadOnlyList<LogBlock>?> LoadTailAsync(ShardLease lease, long snapshot, long after, CancellationToken cancellationToken);

    /// <summary>
    /// Appends one block. Blocks of many shards that wait at the same time share a transaction; each has its own outcome. Blocks of one
    /// shard are committed in the order of the calls. When the queue is full, callers wait in line, first come first served.
    /// </summary>
    /// <param name="shard">The shard.</param>
    /// <param name="epoch">The epoch of the caller's lease.</param>
    /// <param name="sequence">One more than the last block's, from 1.</param>
    /// <param name="payload">The block. The memory must not change until the call has been answered.</param>
    /// <param name="cancellationToken">Takes a block back while it waits in line. Once it is in the queue the outcome is always awaited, because somebody has to know it.</param>
    ValueTask<AppendOutcome> AppendAsync(ShardKey shard, long epoch, long sequence, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a snapshot beside the one before, in transactions small enough that appends are not held up; waits until the block of its
    /// sequence is durable; makes it the shard's snapshot in one transaction under the epoch, which cuts the log exactly there; then
    /// removes what no kept snapshot needs. The snapshot before is kept for a grace period. One at a time for each shard and epoch.
    /// </summary>
    /// <exception cref="GridException">InvalidArgument: a page is named twice, or a live page is neither dirty nor in the snapshot before. FailedPrecondition: the same owner is writing another one.</exception>
    Task<SnapshotOutcome> WriteSnapshotAsync(ShardKey shard, long epoch, SnapshotChange snapshot, CancellationToken cancellationToken);

    /// <summary>Asks, in one consistent read, which leases still hold.</summary>
    /// <returns>The answers in the order of <paramref name="leases"/>.</returns>
    Task<IReadOnlyList<ConfirmOutcome>> ConfirmAsync(IReadOnlyList<ShardLease> leases, CancellationToken cancellationToken);

    /// <summary>
    /// Removes log and snapshots of a shard. The owner row stays with the next epoch, so that the owner who deleted, and any before,
    /// can never commit to what comes after.
    /// </summary>
    /// <returns>False if the lease is fenced; nothing was changed then.</returns>
    Task<bool> DeleteShardAsync(ShardLease lease, CancellationToken cancellationToken);
}
