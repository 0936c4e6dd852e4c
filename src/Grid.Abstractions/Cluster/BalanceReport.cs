using Orleans;

namespace Grid.Abstractions;

/// <summary>One look of the balancer at the cluster. Immutable.</summary>
[GenerateSerializer, Immutable, Alias("grid.balance-report")]
public sealed record BalanceReport
{
    /// <summary>When it looked, Unix milliseconds; 0 where it has not yet.</summary>
    [Id(0)] public long AtMs { get; init; }

    /// <summary>What the balancer does by itself.</summary>
    [Id(1)] public BalanceMode Mode { get; init; }

    /// <summary>Whether what it decided was left undone.</summary>
    [Id(2)] public bool IsDryRun { get; init; }

    /// <summary>Utilisation of the busiest silo over the mean; 1 where all are alike.</summary>
    [Id(3)] public double Imbalance { get; init; }

    /// <summary>Share of predictions with features and model in one process, 0 to 1; 1 where there are none.</summary>
    [Id(4)] public double Locality { get; init; }

    [Id(5)] public SiloShare[] Silos { get; init; } = [];

    /// <summary>Newest last.</summary>
    [Id(6)] public BalanceDecisionInfo[] Decisions { get; init; } = [];

    /// <summary>What was wanted and held back.</summary>
    [Id(7)] public BalanceHeld[] Held { get; init; } = [];
}
