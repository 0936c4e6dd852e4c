using Grid.Abstractions;

namespace Grid.Grains.Balancing.Control;

/// <summary>One per cluster: looks at the load of all silos each period, decides, has its decisions carried out, and says why.</summary>
[Alias("grid.IBalancerGrain"), GrainInterfaceType("grid.balancer")]
internal interface IBalancerGrain : IGrainWithStringKey
{
    /// <summary>Wakes it where it sleeps.</summary>
    [Alias("Keep")]
    Task KeepAsync();

    /// <summary>The last look, with the decisions that are remembered.</summary>
    [Alias("Get")]
    Task<BalanceReport> GetAsync();

    /// <summary>Looks at once, whatever the mode, and does not wait for an imbalance to last; answers when what was decided is carried out.</summary>
    /// <param name="isDryRun">Only say what would be done.</param>
    [Alias("Rebalance"), ResponseTimeout("00:10:00")]
    Task<BalanceReport> RebalanceAsync(bool isDryRun, CancellationToken cancellationToken = default);

    /// <summary>Why something is where it is, or was decided.</summary>
    /// <param name="subject">A shard, a version or the number of a decision; see <see cref="ExplainSubject"/>.</param>
    /// <exception cref="Primitives.GridException">Invalid: it is none of these. NotFound: there is none of that name.</exception>
    [Alias("Explain")]
    Task<Explanation> ExplainAsync(string subject, CancellationToken cancellationToken = default);
}
