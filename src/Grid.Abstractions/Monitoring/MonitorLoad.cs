using Orleans;

namespace Grid.Abstractions;

/// <summary>What a version was asked over some seconds, without what callers did wrong.</summary>
/// <param name="Requests">All.</param>
/// <param name="Failed">Not answered, and not for want of room.</param>
/// <param name="Refused">Not answered because a queue was full or a deadline could not be met.</param>
/// <param name="Slow">Answered, over <paramref name="SlowMs"/>.</param>
/// <param name="SlowMs">The time an answer may take by the manifest (<c>guards: p99_ms</c>); 0 where it says none.</param>
[GenerateSerializer, Immutable, Alias("grid.monitor-load")]
public readonly record struct MonitorLoad(
    [property: Id(0)] long Requests,
    [property: Id(1)] long Failed,
    [property: Id(2)] long Refused,
    [property: Id(3)] long Slow,
    [property: Id(4)] double SlowMs);
