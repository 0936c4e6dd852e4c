namespace Grid.Client.Wire;

/// <summary>One look of the balancer at the cluster.</summary>
public sealed record BalanceBody
{
    /// <summary>When it looked, Unix milliseconds; 0 where it has not yet.</summary>
    public long AtMs { get; init; }

    /// <summary>What the balancer does by itself: on, dry_run or off.</summary>
    public required string Mode { get; init; }

    /// <summary>Whether what it decided was left undone.</summary>
    public bool DryRun { get; init; }

    /// <summary>Utilisation of the busiest silo over the mean.</summary>
    public double Imbalance { get; init; }

    /// <summary>Share of predictions with features and model in one process.</summary>
    public double Locality { get; init; }

    public required IReadOnlyList<SiloShareBody> Silos { get; init; }

    /// <summary>Newest last.</summary>
    public required IReadOnlyList<BalanceDecisionBody> Decisions { get; init; }

    /// <summary>What was wanted and held back.</summary>
    public IReadOnlyList<BalanceHeldBody>? Held { get; init; }
}
