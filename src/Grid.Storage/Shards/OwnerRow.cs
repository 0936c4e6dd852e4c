namespace Grid.Storage;

/// <summary>What the owner row of a shard says. The log holds the blocks of (BaseSequence, LastSequence].</summary>
/// <param name="Id">The shard's number within the database; 0 if the shard has no row.</param>
/// <param name="Epoch">The epoch that holds the shard.</param>
/// <param name="LastSequence">The last durable block.</param>
/// <param name="BaseSequence">The sequence of the snapshot; 0 if there is none.</param>
/// <param name="Owner">Who took the epoch.</param>
internal readonly record struct OwnerRow(long Id, long Epoch, long LastSequence, long BaseSequence, string Owner)
{
    /// <exception cref="Primitives.GridException">Conflict: the lease is fenced.</exception>
    public void Require(ShardLease lease)
    {
        if (Epoch != lease.Epoch)
        {
            throw new Primitives.GridError(
                Primitives.GridErrorCode.Conflict,
                $"shard '{lease.Shard}'",
                $"is held by epoch {Epoch} of '{Owner}', not by epoch {lease.Epoch}.",
                "Take a new epoch if this process shall own the shard.").ToException();
        }
    }

    /// <summary>Whether what a reader of this snapshot and of the blocks up to one still lacks is in the log, all of it.</summary>
    public bool HoldsAfter(long snapshot, long after) => BaseSequence == snapshot && after >= BaseSequence && after <= LastSequence;

    /// <summary>What became of a block that moved nothing.</summary>
    /// <param name="request">The block.</param>
    /// <param name="isThere">Whether the log holds it, with the same epoch and checksum.</param>
    public AppendOutcome Judge(AppendRequest request, bool isThere)
    {
        var status = isThere ? AppendStatus.Committed
            : request.Sequence <= BaseSequence ? AppendStatus.Unknown
            : request.Epoch != Epoch ? AppendStatus.Fenced
            : AppendStatus.OutOfSequence;
        return new AppendOutcome(status, Epoch, LastSequence);
    }
}
