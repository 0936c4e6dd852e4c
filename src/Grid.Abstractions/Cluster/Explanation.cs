using Orleans;

namespace Grid.Abstractions;

/// <summary>Why a shard or a version is where it is, or why something was decided. Immutable.</summary>
[GenerateSerializer, Immutable, Alias("grid.explanation")]
public sealed record Explanation
{
    /// <summary>What was asked for, in full.</summary>
    [Id(0)] public required string Subject { get; init; }

    /// <summary><c>shard</c>, <c>version</c> or <c>decision</c>.</summary>
    [Id(1)] public required string Kind { get; init; }

    /// <summary>The answer in a sentence or two.</summary>
    [Id(2)] public required string Summary { get; init; }

    /// <summary>What it costs.</summary>
    [Id(3)] public BalanceFigure[] Figures { get; init; } = [];

    /// <summary>The silos, by name; empty for a decision.</summary>
    [Id(4)] public PlaceInfo[] Places { get; init; } = [];

    /// <summary>The last decisions about it that are remembered, newest last.</summary>
    [Id(5)] public BalanceDecisionInfo[] Decisions { get; init; } = [];

    /// <summary>What the last look held back about it.</summary>
    [Id(6)] public BalanceHeld[] Held { get; init; } = [];
}
