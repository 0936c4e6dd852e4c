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

    /// <summary>The balancer's last look at the cluster, with the last decisions that it remembers, newest last.</summary>
    ValueTask<BalanceReport> GetBalanceAsync(CancellationToken cancellationToken = default);

    /// <summary>Has the balancer look now, without waiting for an imbalance to last, and carry out what it decides; returns when it has.</summary>
    /// <param name="isDryRun">Only say what it would do.</param>
    /// <param name="cancellationToken">Gives up waiting; moves that have begun go on.</param>
    ValueTask<BalanceReport> RebalanceAsync(bool isDryRun = false, CancellationToken cancellationToken = default);

    /// <summary>Why something is where it is, or was decided.</summary>
    /// <param name="subject">
    /// A shard (<c>tenant/shard</c> or <c>workspace/tenant/shard</c>), a version (<c>model/version</c> or <c>workspace/model/version</c>), with <c>shard:</c> or
    /// <c>version:</c> in front where it may be both; or the number of a decision.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="Primitives.GridException">There is no such thing, or it is not remembered.</exception>
    ValueTask<Explanation> ExplainAsync(string subject, CancellationToken cancellationToken = default);
}
