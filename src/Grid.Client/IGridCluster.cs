using Grid.Abstractions;

namespace Grid.Client;

/// <summary>The silos of the grid.</summary>
public interface IGridCluster
{
    /// <summary>Every active silo as the answering one last heard of it, by name.</summary>
    ValueTask<IReadOnlyList<SiloInfo>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Has a silo hand over its shards and its partitions of topics while it serves, and take no more. Returns when it has, or when its time for that is
    /// over; the same again joins what runs. The silo stays up, empty, until it is stopped.
    /// </summary>
    /// <param name="silo">Its name.</param>
    /// <param name="cancellationToken">Gives up waiting; the silo goes on.</param>
    ValueTask<SiloInfo> DrainAsync(string silo, CancellationToken cancellationToken = default);
}
