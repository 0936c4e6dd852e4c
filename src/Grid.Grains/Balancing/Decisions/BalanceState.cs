using System.Collections.Immutable;
using Grid.Primitives;

namespace Grid.Grains.Balancing;

/// <summary>What one look hands to the next. Immutable; bounded by the cool-down times the budget, the silos, and the versions.</summary>
/// <param name="NextId">The id of the next decision.</param>
/// <param name="Moves">Moves that are still in their cool-down.</param>
/// <param name="BusySinceMs">Silos over the entry mark and not yet back under the exit mark, and since when.</param>
/// <param name="IdleSinceMs">The same for silos that have little to do.</param>
/// <param name="Versions">What is remembered of each version.</param>
internal sealed record BalanceState(
    long NextId,
    ImmutableDictionary<ShardKey, RecentMove> Moves,
    ImmutableSortedDictionary<string, long> BusySinceMs,
    ImmutableSortedDictionary<string, long> IdleSinceMs,
    ImmutableSortedDictionary<string, VersionMark> Versions)
{
    public static readonly BalanceState Empty = new(
        1,
        ImmutableDictionary<ShardKey, RecentMove>.Empty,
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, VersionMark>(StringComparer.Ordinal));

    /// <summary>A move that did not happen: its load is counted where it was, and it may be tried again after the cool-down.</summary>
    public BalanceState WithFailed(ShardKey shard) =>
        Moves.TryGetValue(shard, out var move) ? this with { Moves = Moves.SetItem(shard, move with { To = move.From, Cores = 0, StateBytes = 0 }) } : this;
}
