using Grid.Grains.Balancing.Rules;

namespace Grid.Grains.Balancing;

/// <summary>
/// Where shards and replicas should be: a pure function of what the silos report and of what was decided before. The same input gives the same
/// decisions, whatever the order of its lists, so that they can be simulated, replayed and explained.
/// </summary>
/// <remarks>
/// Why it does not swing: a silo is busy (or idle) only after it was beyond the entry mark for a while, and is worked on only until the exit mark; a
/// move must win at least half of what it shifts, so the target never ends up where the source was; a moved shard rests; and what the smoothed
/// figures do not show yet of earlier moves is counted as done.
/// </remarks>
internal static class Balancer
{
    /// <summary>One look at the cluster.</summary>
    /// <param name="map">What the silos report.</param>
    /// <param name="policy">The numbers to decide by.</param>
    /// <param name="state">What the look before handed on; <see cref="BalanceState.Empty"/> at first.</param>
    /// <param name="nowMs">Now, Unix milliseconds; never before the look before.</param>
    public static BalanceResult Decide(LoadMap map, BalancePolicy policy, BalanceState state, long nowMs)
    {
        var look = new Look(map, policy, state, nowMs);
        var imbalance = look.Imbalance();

        // 1. Replicas first: where a model is decides what a move costs.
        var versions = ReplicaRule.Apply(look);

        // 2. What cannot wait: silos that leave, memory that runs out.
        DrainRule.Apply(look);
        MemoryRule.Apply(look);

        // 3. Even out the work, then bring what is left of the budget to the models.
        var (busy, idle) = SpreadRule.Apply(look);
        LocalityRule.Apply(look);

        return new BalanceResult(
            look.Decisions,
            look.Held,
            new BalanceState(look.NextId, look.RecentMoves(), busy, idle, versions),
            imbalance,
            look.Evaluations);
    }
}
