using Grid.Abstractions;

namespace Grid.Grains.Rollouts;

/// <summary>Sums of what silos counted. Pure.</summary>
internal static class Tallies
{
    /// <summary>Adds the reports of all silos, version by version, by name.</summary>
    public static VersionTally[] Versions(IEnumerable<RolloutReport> reports) =>
    [
        .. reports.SelectMany(static report => report.Versions)
            .GroupBy(static tally => tally.Version, StringComparer.Ordinal)
            .OrderBy(static group => group.Key, StringComparer.Ordinal)
            .Select(static group => group.Aggregate(Add)),
    ];

    /// <summary>Adds the reports of all silos, pair by pair, by challenger.</summary>
    public static ComparisonTally[] Comparisons(IEnumerable<RolloutReport> reports) =>
    [
        .. reports.SelectMany(static report => report.Comparisons)
            .GroupBy(static tally => (tally.Champion, tally.Challenger))
            .OrderBy(static group => group.Key.Challenger, StringComparer.Ordinal)
            .Select(static group => group.Aggregate(Add)),
    ];

    public static VersionTally Add(VersionTally a, VersionTally b) =>
        new(a.Version, a.Requests + b.Requests, a.Errors + b.Errors, LatencyBuckets.Add(a.Latency, b.Latency));

    public static ComparisonTally Add(ComparisonTally a, ComparisonTally b) => new(
        a.Champion,
        a.Challenger,
        a.Compared + b.Compared,
        a.Disagreed + b.Disagreed,
        a.SumDifference + b.SumDifference,
        a.SumAbsolute + b.SumAbsolute,
        a.SumSquared + b.SumSquared,
        Math.Max(a.MaxAbsolute, b.MaxAbsolute),
        a.Errors + b.Errors,
        a.Dropped + b.Dropped,
        LatencyBuckets.Add(a.Latency, b.Latency));
}
