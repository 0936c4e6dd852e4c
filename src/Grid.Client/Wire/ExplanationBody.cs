namespace Grid.Client.Wire;

/// <summary>Why something is where it is, or was decided.</summary>
public sealed record ExplanationBody
{
    public required string Subject { get; init; }

    /// <summary>shard, version or decision.</summary>
    public required string Kind { get; init; }

    public required string Summary { get; init; }

    public IReadOnlyList<BalanceFigureBody>? Figures { get; init; }

    public IReadOnlyList<PlaceBody>? Places { get; init; }

    /// <summary>Decisions about it that are remembered, newest last.</summary>
    public IReadOnlyList<BalanceDecisionBody>? Decisions { get; init; }

    /// <summary>What the last look held back about it.</summary>
    public IReadOnlyList<BalanceHeldBody>? Held { get; init; }
}
