using Grid.Primitives;
using Orleans;

namespace Grid.Abstractions;

/// <summary>What became of one pushed event.</summary>
/// <param name="Verdict">The decision.</param>
/// <param name="Reason">Why, where the verdict is not <see cref="EventVerdict.Accepted"/>; names the field or the limit.</param>
[GenerateSerializer, Immutable, Alias("grid.event-answer")]
public readonly record struct EventAnswer([property: Id(0)] EventVerdict Verdict, [property: Id(1)] string? Reason);
