using System.Collections.Concurrent;
using Grid.Abstractions;

namespace Grid.Grains.Rollouts;

/// <summary>What this silo has counted of one model under one number of its rollout. Thread-safe. As many counters as the rollout has versions.</summary>
internal sealed class ModelCounters(long number)
{
    private readonly ConcurrentDictionary<string, VersionCounter> _versions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Champion, string Challenger), ComparisonCounter> _comparisons = new();
    private long _sequence;

    public long Number => number;

    public VersionCounter Version(string version) => _versions.GetOrAdd(version, static _ => new VersionCounter());

    public ComparisonCounter Comparison(string champion, string challenger) => _comparisons.GetOrAdd((champion, challenger), static _ => new ComparisonCounter());

    public RolloutReport Report(string silo) => new(
        silo,
        Interlocked.Increment(ref _sequence),
        number,
        ReadVersions(),
        ReadComparisons());

    public VersionTally[] ReadVersions() => [.. _versions.Select(static pair => pair.Value.Read(pair.Key))];

    public ComparisonTally[] ReadComparisons() => [.. _comparisons.Select(static pair => pair.Value.Read(pair.Key.Champion, pair.Key.Challenger))];
}
