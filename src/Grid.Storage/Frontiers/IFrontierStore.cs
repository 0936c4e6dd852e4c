namespace Grid.Storage;

/// <summary>
/// Where the readers of partitions stand: a row for each, changed only under the epoch of the newest reader, so that an older one that is
/// still running cannot move it. Safe for concurrent use.
/// </summary>
/// <remarks>Failures are <see cref="Primitives.GridException"/>s: Unavailable (the disk is full or away; retry), Corrupt (the row fails its checks), InvalidArgument (the call can never work).</remarks>
public interface IFrontierStore
{
    /// <summary>Takes the next epoch of a partition in one transaction, which is durable when this returns. A partition that is new gets its row.</summary>
    /// <param name="key">The partition.</param>
    /// <param name="reader">Who takes it, for operators. Not empty.</param>
    /// <param name="cancellationToken">Gives up waiting; the epoch may still be taken.</param>
    /// <returns>The row as it now stands, under the new epoch.</returns>
    Task<FrontierRow> TakeAsync(SourcePartitionKey key, string reader, CancellationToken cancellationToken);

    /// <summary>Replaces the row if its epoch still stands; durable when this returns.</summary>
    /// <exception cref="Primitives.GridException">InvalidArgument: the frontier or the routing would go back, or the row is not valid. Nothing was changed.</exception>
    Task<FrontierOutcome> StoreAsync(FrontierRow row, CancellationToken cancellationToken);

    /// <summary>The row of a partition, or null where no reader ever took it.</summary>
    Task<FrontierRow?> GetAsync(SourcePartitionKey key, CancellationToken cancellationToken);

    /// <summary>The rows of a feed, by partition.</summary>
    Task<IReadOnlyList<FrontierRow>> ReadAsync(string feed, CancellationToken cancellationToken);
}
