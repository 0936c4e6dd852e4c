namespace Grid.Client.Wire;

/// <summary>A number that a decision of the balancer rests on.</summary>
public sealed record BalanceFigureBody
{
    public required string Name { get; init; }

    public double Value { get; init; }

    /// <summary>cores, share, calls/s, bytes, ms or replicas.</summary>
    public required string Unit { get; init; }
}
