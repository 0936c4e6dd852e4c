using Orleans;

namespace Grid.Abstractions;

/// <summary>From when on a version was live.</summary>
[GenerateSerializer, Immutable, Alias("grid.live-span")]
public sealed record LiveSpan([property: Id(0)] string Version, [property: Id(1)] long SinceMs);
