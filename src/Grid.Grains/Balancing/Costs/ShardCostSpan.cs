namespace Grid.Grains.Balancing.Costs;

/// <summary>What a shard took between two readings.</summary>
/// <param name="BusyTicks">Time on a thread, in ticks of the clock.</param>
/// <param name="Events">Events that it decided on.</param>
/// <param name="Calls">The versions that it called, at most <see cref="ShardCost.MostVersions"/>.</param>
internal readonly record struct ShardCostSpan(long BusyTicks, long Events, IReadOnlyList<CallCount> Calls);
