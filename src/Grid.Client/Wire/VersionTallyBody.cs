namespace Grid.Client.Wire;

/// <summary>What one version did since the last change of traffic, over all silos.</summary>
public sealed record VersionTallyBody
{
    public required string Version { get; init; }

    public long Requests { get; init; }

    public long Errors { get; init; }

    /// <summary>Counts by bucket of latency: eight buckets an octave of microseconds.</summary>
    public required IReadOnlyList<long> Latency { get; init; }
}
