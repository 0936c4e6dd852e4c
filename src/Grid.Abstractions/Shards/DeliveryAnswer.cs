using Grid.Primitives;
using Orleans;

namespace Grid.Abstractions;

/// <summary>A shard's answer to a delivery, always with both marks.</summary>
/// <param name="Status">What happened.</param>
/// <param name="AppliedMark">Positions at or below are applied; -1 where none is.</param>
/// <param name="DurableMark">Positions at or below survive kill -9; -1 where none does. Never above <paramref name="AppliedMark"/>.</param>
/// <param name="Error">For <see cref="DeliveryStatus.Refused"/>: why, and when to try again.</param>
/// <param name="Skipped">Events that were there already.</param>
[GenerateSerializer, Immutable, Alias("grid.delivery-answer")]
public sealed record DeliveryAnswer(
    [property: Id(0)] DeliveryStatus Status,
    [property: Id(1)] long AppliedMark,
    [property: Id(2)] long DurableMark,
    [property: Id(3)] GridError? Error = null,
    [property: Id(4)] int Skipped = 0);
