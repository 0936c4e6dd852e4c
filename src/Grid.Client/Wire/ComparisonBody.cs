namespace Grid.Client.Wire;

/// <summary>How a challenger's outputs differ from the champion's on the same features.</summary>
public sealed record ComparisonBody
{
    public required string Champion { get; init; }

    public required string Challenger { get; init; }

    public long Compared { get; init; }

    public long Disagreed { get; init; }

    public double SumDifference { get; init; }

    public double SumAbsolute { get; init; }

    public double SumSquared { get; init; }

    public double MaxAbsolute { get; init; }

    public long Errors { get; init; }

    public long Dropped { get; init; }

    public required IReadOnlyList<long> Latency { get; init; }
}
