namespace Grid.Client.Wire;

/// <summary>Something that the balancer wanted and did not get.</summary>
public sealed record BalanceHeldBody
{
    /// <summary>The silo, shard or version.</summary>
    public required string Subject { get; init; }

    public required string Reason { get; init; }
}
