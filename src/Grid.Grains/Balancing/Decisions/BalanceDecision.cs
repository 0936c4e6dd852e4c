namespace Grid.Grains.Balancing;

/// <summary>One thing to do, with everything it was decided from. Immutable.</summary>
/// <param name="Id">Rises by one with each decision of the cluster.</param>
/// <param name="AtMs">When, Unix milliseconds.</param>
/// <param name="Kind">What to do and by which rule.</param>
/// <param name="Subject">The shard (<c>workspace/tenant/shard</c>) or the version (<c>workspace/model/version</c>).</param>
/// <param name="From">The silo that it leaves; null where a replica is added.</param>
/// <param name="To">The silo that takes it; null where a replica is removed.</param>
/// <param name="Reason">Why, in one sentence with the numbers.</param>
/// <param name="Figures">The same numbers for machines.</param>
internal sealed record BalanceDecision(
    long Id,
    long AtMs,
    DecisionKind Kind,
    string Subject,
    string? From,
    string? To,
    string Reason,
    IReadOnlyList<DecisionFigure> Figures)
{
    /// <summary>Whether it moves a shard, rather than changing replicas.</summary>
    public bool IsMove => Kind is not (DecisionKind.AddReplica or DecisionKind.RemoveReplica);
}
