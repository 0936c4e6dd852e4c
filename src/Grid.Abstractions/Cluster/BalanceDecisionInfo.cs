using Orleans;

namespace Grid.Abstractions;

/// <summary>One decision of the balancer and what became of it. Immutable.</summary>
[GenerateSerializer, Immutable, Alias("grid.balance-decision")]
public sealed record BalanceDecisionInfo
{
    /// <summary>Rises with each decision of the cluster.</summary>
    [Id(0)] public required long Id { get; init; }

    /// <summary>When it was decided, Unix milliseconds.</summary>
    [Id(1)] public required long AtMs { get; init; }

    /// <summary>What to do and by which rule: <c>drain</c>, <c>relieve_memory</c>, <c>relieve</c>, <c>fill</c>, <c>join_replica</c>, <c>add_replica</c>, <c>remove_replica</c>.</summary>
    [Id(2)] public required string Kind { get; init; }

    /// <summary>The shard (<c>workspace/tenant/shard</c>) or the version (<c>workspace/model/version</c>).</summary>
    [Id(3)] public required string Subject { get; init; }

    /// <summary>The silo that it leaves; null where a replica is added.</summary>
    [Id(4)] public string? From { get; init; }

    /// <summary>The silo that takes it; null where a replica is removed.</summary>
    [Id(5)] public string? To { get; init; }

    /// <summary>Why, in one sentence with the numbers.</summary>
    [Id(6)] public required string Reason { get; init; }

    /// <summary>The same numbers for machines.</summary>
    [Id(7)] public BalanceFigure[] Figures { get; init; } = [];

    [Id(8)] public DecisionOutcome Outcome { get; init; }

    /// <summary>How long it took to carry out, in milliseconds; 0 where it was not.</summary>
    [Id(9)] public double TookMs { get; init; }

    /// <summary>Why it could not be carried out; null otherwise.</summary>
    [Id(10)] public string? Failure { get; init; }
}
