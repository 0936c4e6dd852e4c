using Grid.Primitives;
using Orleans;

namespace Grid.Abstractions;

/// <summary>Features of one entity as of one time. Arrays run in parallel.</summary>
[GenerateSerializer, Immutable, Alias("grid.feature-reading")]
public sealed record FeatureReading(
    [property: Id(0)] string View,
    [property: Id(1)] string Entity,
    [property: Id(2)] long AsOfMs,
    [property: Id(3)] string[] Names,
    [property: Id(4)] float[] Values,
    [property: Id(5)] FeatureState[] States,
    [property: Id(6)] long? NewestEventMs,
    [property: Id(7)] long OwnershipAgeMs,
    [property: Id(8)] GridError? Error = null);
