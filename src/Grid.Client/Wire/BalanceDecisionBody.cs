namespace Grid.Client.Wire;

/// <summary>One decision of the balancer and what became of it.</summary>
public sealed record BalanceDecisionBody
{
    public long Id { get; init; }

    /// <summary>When it was decided, Unix milliseconds.</summary>
    public long AtMs { get; init; }

    /// <summary>drain, relieve_memory, relieve, fill, join_replica, add_replica or remove_replica.</summary>
    public required string Kind { get; init; }

    /// <summary>The shard (workspace/tenant/shard) or the version (workspace/model/version).</summary>
    public required string Subject { get; init; }

    /// <summary>The silo that it leaves.</summary>
    public string? From { get; init; }

    /// <summary>The silo that takes it.</summary>
    public string? To { get; init; }

    /// <summary>Why, in one sentence with the numbers.</summary>
    public required string Reason { get; init; }

    public IReadOnlyList<BalanceFigureBody>? Figures { get; init; }

    /// <summary>pending, done, failed or dry_run.</summary>
    public required string Outcome { get; init; }

    /// <summary>How long it took to carry out.</summary>
    public double TookMs { get; init; }

    /// <summary>Why it could not be carried out.</summary>
    public string? Failure { get; init; }
}
