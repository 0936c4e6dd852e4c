using Orleans;

namespace Grid.Abstractions;

/// <summary>One prediction for one entity of the shard.</summary>
/// <param name="Model">The model's name in the tenant's workspace.</param>
/// <param name="Version">A version to pin, or null for what the rollout says.</param>
/// <param name="Entity">Key of the main entity.</param>
/// <param name="Values">Request-time values.</param>
/// <param name="AsOfMs">Unix milliseconds, or null for now.</param>
/// <param name="DeadlineMs">Milliseconds the caller still waits, or null for the model's own limit.</param>
/// <param name="Revision">The catalogue revision that the front door pinned; 0 for the silo's current one.</param>
/// <param name="WithFeatures">Also answer the vector.</param>
[GenerateSerializer, Immutable, Alias("grid.predict-request")]
public sealed record PredictRequest(
    [property: Id(0)] string Model,
    [property: Id(1)] string? Version,
    [property: Id(2)] string Entity,
    [property: Id(3)] RequestValues Values,
    [property: Id(4)] long? AsOfMs,
    [property: Id(5)] int? DeadlineMs,
    [property: Id(6)] long Revision,
    [property: Id(7)] bool WithFeatures);
