using System.Collections.Concurrent;
using Grid.Primitives;
using Orleans.Runtime;

namespace Grid.Grains.Shards;

/// <summary>The shards that are active in this silo. Thread-safe.</summary>
internal sealed class LocalShards
{
    private readonly ConcurrentDictionary<IGrainContext, ShardKey> _active = new();

    public int Count => _active.Count;

    public IReadOnlyCollection<IGrainContext> Active => [.. _active.Keys];

    public void Add(ShardKey key, IGrainContext context) => _active[context] = key;

    public void Remove(IGrainContext context) => _active.TryRemove(context, out _);
}
