using Orleans;

namespace Grid.Abstractions;

/// <summary>One number that a decision of the balancer rests on.</summary>
/// <param name="Name">What it is, in words of an operator.</param>
/// <param name="Value">The number.</param>
/// <param name="Unit">Its unit: <c>cores</c>, <c>share</c>, <c>calls/s</c>, <c>bytes</c>, <c>ms</c>, or <c>replicas</c>.</param>
[GenerateSerializer, Immutable, Alias("grid.balance-figure")]
public sealed record BalanceFigure([property: Id(0)] string Name, [property: Id(1)] double Value, [property: Id(2)] string Unit);
