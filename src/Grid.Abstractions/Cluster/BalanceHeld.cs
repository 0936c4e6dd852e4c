using Orleans;

namespace Grid.Abstractions;

/// <summary>Something that the balancer wanted and did not get.</summary>
/// <param name="Subject">The silo, shard or version.</param>
/// <param name="Reason">Why nothing is done, in one sentence with the numbers.</param>
[GenerateSerializer, Immutable, Alias("grid.balance-held")]
public sealed record BalanceHeld([property: Id(0)] string Subject, [property: Id(1)] string Reason);
