using Orleans;

namespace Grid.Abstractions;

/// <summary>One prediction for each of many entities of the shard; all share model, time and deadline. Arrays run in parallel.</summary>
[GenerateSerializer, Immutable, Alias("grid.predict-many-request")]
public sealed record PredictManyRequest(
    [property: Id(0)] string Model,
    [property: Id(1)] string? Version,
    [property: Id(2)] string[] Entities,
    [property: Id(3)] RequestValues[] Values,
    [property: Id(4)] long? AsOfMs,
    [property: Id(5)] int? DeadlineMs,
    [property: Id(6)] long Revision,
    [property: Id(7)] bool WithFeatures);
