namespace Grid.Grains.Balancing;

/// <summary>One silo's report. Immutable; rates are smoothed with <see cref="BalancePolicy.HalfLifeMs"/>.</summary>
/// <param name="Silo">Its name in the cluster.</param>
/// <param name="Zone">Where it stands: replicas of a version spread over zones. Empty where nobody said.</param>
/// <param name="State">What it is there for.</param>
/// <param name="ReportedAtMs">When the figures were taken, Unix milliseconds.</param>
/// <param name="CapacityCores">Cores it may use; greater than zero. Its weight wherever load is shared out.</param>
/// <param name="UsedCores">Cores that its process uses, shards, models and all else.</param>
/// <param name="QueueMs">How long work waits before it runs, in milliseconds.</param>
/// <param name="MemoryUsedBytes">Memory of the process.</param>
/// <param name="MemoryLimitBytes">Memory it may use; greater than zero.</param>
/// <param name="Labels">What replicas may ask for, such as an execution provider.</param>
/// <param name="Hot">Its heaviest shards, by processor time and by remote calls, bounded; in any order.</param>
/// <param name="Rest">All other shards.</param>
/// <param name="Calls">The versions that its shards call, bounded, hot and rest together.</param>
[GenerateSerializer, Immutable, Alias("grid.silo-load")]
internal sealed record SiloLoad(
    [property: Id(0)] string Silo,
    [property: Id(1)] string Zone,
    [property: Id(2)] SiloState State,
    [property: Id(3)] long ReportedAtMs,
    [property: Id(4)] double CapacityCores,
    [property: Id(5)] double UsedCores,
    [property: Id(6)] double QueueMs,
    [property: Id(7)] long MemoryUsedBytes,
    [property: Id(8)] long MemoryLimitBytes,
    [property: Id(9)] IReadOnlyList<string> Labels,
    [property: Id(10)] IReadOnlyList<ShardLoad> Hot,
    [property: Id(11)] RestLoad Rest,
    [property: Id(12)] IReadOnlyList<VersionCalls> Calls);
