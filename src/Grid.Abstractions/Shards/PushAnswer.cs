using Grid.Primitives;
using Orleans;

namespace Grid.Abstractions;

/// <summary>Answers in the order of the events pushed; or one error for all, where nothing was decided or the outcome is unknown (push again with the same keys).</summary>
[GenerateSerializer, Immutable, Alias("grid.push-answer")]
public sealed record PushAnswer([property: Id(0)] EventAnswer[] Events, [property: Id(1)] GridError? Error = null);
