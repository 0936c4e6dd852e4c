using Orleans;

namespace Grid.Abstractions;

/// <summary>What one silo saw of one version since its last report.</summary>
/// <param name="Silo">The silo with its generation: a silo that starts again is another one.</param>
/// <param name="Sequence">Rises with each report of the silo on this version; one that is sent again keeps its number.</param>
/// <param name="Version">The version.</param>
/// <param name="Fingerprint">The layout that the deltas were made under; 0 where there are none.</param>
/// <param name="Vector">Fingerprint of what the features' values depend on; empty where none was read.</param>
/// <param name="Deltas">Sealed sketches, the oldest window first.</param>
/// <param name="Load">What it was asked.</param>
/// <param name="Recent">Predictions that may get an outcome, a bounded part of all.</param>
/// <param name="Pairs">Where the version is on trial: what it and the live version said of the same features, a bounded part of all.</param>
[GenerateSerializer, Immutable, Alias("grid.monitor-report")]
public sealed record MonitorReport(
    [property: Id(0)] string Silo,
    [property: Id(1)] long Sequence,
    [property: Id(2)] string Version,
    [property: Id(3)] ulong Fingerprint,
    [property: Id(4)] string Vector,
    [property: Id(5)] byte[][] Deltas,
    [property: Id(6)] MonitorLoad Load,
    [property: Id(7)] RecentPrediction[] Recent,
    [property: Id(8)] TrialPair[] Pairs);
