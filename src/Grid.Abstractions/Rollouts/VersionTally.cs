using Orleans;

namespace Grid.Abstractions;

/// <summary>What one version did in one stretch of a rollout; two tallies are merged by addition.</summary>
/// <param name="Version">The version.</param>
/// <param name="Requests">Requests it was given, failed ones included.</param>
/// <param name="Errors">Those that it did not answer.</param>
/// <param name="Latency">Counts by bucket of latency, eight buckets an octave of microseconds; trailing zeros left out.</param>
[GenerateSerializer, Immutable, Alias("grid.version-tally")]
public sealed record VersionTally(
    [property: Id(0)] string Version,
    [property: Id(1)] long Requests,
    [property: Id(2)] long Errors,
    [property: Id(3)] long[] Latency);
