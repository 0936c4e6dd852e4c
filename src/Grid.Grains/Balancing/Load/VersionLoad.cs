namespace Grid.Grains.Balancing;

/// <summary>One version that may have replicas. Immutable.</summary>
/// <param name="Version">The version, <c>workspace/model/version</c>.</param>
/// <param name="MinReplicas">Replicas that are there without a call too; 0 lets it leave memory when idle.</param>
/// <param name="MaxReplicas">The most replicas; at least <paramref name="MinReplicas"/> and 1.</param>
/// <param name="MemoryBytes">What one replica takes.</param>
/// <param name="CoresPerCall">Processor time of one call, in seconds.</param>
/// <param name="LastCallMs">When it was last called anywhere, Unix milliseconds; 0 where nobody knows of a call.</param>
/// <param name="Requires">Labels that a silo must have.</param>
/// <param name="Replicas">Where it is wanted now.</param>
internal sealed record VersionLoad(
    string Version,
    int MinReplicas,
    int MaxReplicas,
    long MemoryBytes,
    double CoresPerCall,
    long LastCallMs,
    IReadOnlyList<string> Requires,
    IReadOnlyList<WantedReplica> Replicas)
{
    /// <summary>Without a call for this long it falls to its minimum; null for <see cref="BalancePolicy.IdleAfterMs"/>.</summary>
    public long? IdleAfterMs { get; init; }
}
