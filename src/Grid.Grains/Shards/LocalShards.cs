using System.Collections.Concurrent;
using Grid.Grains.Balancing.Costs;
using Orleans.Runtime;

namespace Grid.Grains.Shards;

/// <summary>The shards that are active in this silo. Thread-safe.</summary>
internal sealed class LocalShards
{
    private readonly ConcurrentDictionary<IGrainContext, ShardCost> _active = new();

    public int Count => _active.Count;

    public IReadOnlyCollection<IGrainContext> Active => [.. _active.Keys];

    /// <summary>What each costs.</summary>
    public IEnumerable<ShardCost> Costs => _active.Select(static pair => pair.Value);

    public void Add(ShardCost cost, IGrainContext context) => _active[context] = cost;

    public void Remove(IGrainContext context) => _active.TryRemove(context, out _);
}
