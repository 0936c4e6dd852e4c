using Orleans;

namespace Grid.Abstractions;

/// <summary>Which features of one entity to read.</summary>
/// <param name="View">The view.</param>
/// <param name="Entity">Key of the entity; ignored for a view of scope tenant.</param>
/// <param name="Features">Names within the view, or null for all.</param>
/// <param name="AsOfMs">Unix milliseconds, or null for now (with <c>clock: event</c>: the entity's newest event).</param>
[GenerateSerializer, Immutable, Alias("grid.feature-read-request")]
public sealed record FeatureReadRequest(
    [property: Id(0)] string View,
    [property: Id(1)] string Entity,
    [property: Id(2)] string[]? Features,
    [property: Id(3)] long? AsOfMs);
