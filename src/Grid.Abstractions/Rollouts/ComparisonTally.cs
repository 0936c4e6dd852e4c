using Orleans;

namespace Grid.Abstractions;

/// <summary>How a challenger's outputs differ from the champion's on the same features; two tallies are merged by addition (the largest difference by maximum).</summary>
/// <param name="Champion">The version that is live.</param>
/// <param name="Challenger">The version on trial: a shadow, or the canary.</param>
/// <param name="Compared">Predictions that both computed.</param>
/// <param name="Disagreed">Those of them on different sides of the threshold, or with another largest output.</param>
/// <param name="SumDifference">Sum of challenger less champion.</param>
/// <param name="SumAbsolute">Sum of absolute differences.</param>
/// <param name="SumSquared">Sum of squared differences.</param>
/// <param name="MaxAbsolute">Largest absolute difference.</param>
/// <param name="Errors">Comparisons that failed because the version that ran afterwards failed.</param>
/// <param name="Dropped">Comparisons left out because the queue was full or the version was not loaded.</param>
/// <param name="Latency">Latency of the runs made for comparison, as in <see cref="VersionTally"/>.</param>
[GenerateSerializer, Immutable, Alias("grid.comparison-tally")]
public sealed record ComparisonTally(
    [property: Id(0)] string Champion,
    [property: Id(1)] string Challenger,
    [property: Id(2)] long Compared,
    [property: Id(3)] long Disagreed,
    [property: Id(4)] double SumDifference,
    [property: Id(5)] double SumAbsolute,
    [property: Id(6)] double SumSquared,
    [property: Id(7)] double MaxAbsolute,
    [property: Id(8)] long Errors,
    [property: Id(9)] long Dropped,
    [property: Id(10)] long[] Latency);
