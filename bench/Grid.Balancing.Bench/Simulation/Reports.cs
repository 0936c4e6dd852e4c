using Grid.Grains.Balancing;

namespace Grid.Balancing.Bench.Simulation;

/// <summary>What the silos of a simulated cluster report.</summary>
internal static class Reports
{
    /// <summary>The load map, with so many shards of each silo by name: half as many again may come in for their remote calls.</summary>
    public static LoadMap Of(World world, int hotShards)
    {
        var byCores = world.Silos.Select(static _ => new PriorityQueue<int, (double, int)>()).ToArray();
        var byRemote = world.Silos.Select(static _ => new PriorityQueue<int, (double, int)>()).ToArray();
        var cores = new double[world.Silos.Count];
        for (var i = 0; i < world.ShardCount; i++)
        {
            var at = world.SiloOf(i);
            cores[at] += world.SmoothedOf(i);
            Keep(byCores[at], i, world.SmoothedOf(i), hotShards);
            if (!world.IsHost(at, world.VersionOf(i)))
            {
                Keep(byRemote[at], i, world.CallsOf(i), hotShards / 2);
            }
        }

        var silos = world.Silos.Where(static s => s.IsAlive).Select(silo =>
        {
            var named = Numbers(byCores[silo.Number]).Union(Numbers(byRemote[silo.Number])).ToArray();
            var hot = named.Select(i => new ShardLoad(
                world.KeyOf(i),
                world.SmoothedOf(i),
                world.BytesOf(i),
                [new VersionCalls(World.VersionName(world.VersionOf(i)), world.CallsOf(i), world.IsHost(silo.Number, world.VersionOf(i)) ? 0 : world.CallsOf(i))])).ToArray();
            var calls = Enumerable.Range(0, world.Options.Versions).Where(v => world.CallsOf(silo.Number, v) > 0)
                .Select(v => new VersionCalls(World.VersionName(v), world.CallsOf(silo.Number, v), world.IsHost(silo.Number, v) ? 0 : world.CallsOf(silo.Number, v))).ToArray();
            return new SiloLoad(
                silo.Name,
                silo.Zone,
                silo.State,
                world.NowMs,
                silo.CapacityCores,
                silo.SmoothedCores,
                silo.Utilisation > 0.95 ? 200 : 1,
                world.MemoryOf(silo),
                silo.MemoryLimitBytes,
                [],
                hot,
                new RestLoad(silo.ShardCount - hot.Length, cores[silo.Number] - hot.Sum(static h => h.Cores), silo.ShardBytes - hot.Sum(static h => h.StateBytes)),
                calls);
        }).ToArray();

        var versions = Enumerable.Range(0, world.Options.Versions).Select(v => new VersionLoad(
            World.VersionName(v),
            1,
            world.Options.MaxReplicas,
            world.Options.VersionBytes,
            World.ModelCores,
            world.NowMs,
            [],
            [.. world.Silos.Where(s => s.IsAlive && world.IsHost(s.Number, v)).Select(static s => new WantedReplica(s.Name, true))])).ToArray();
        return new LoadMap(silos, versions);
    }

    private static IEnumerable<int> Numbers(PriorityQueue<int, (double, int)> heap) => heap.UnorderedItems.Select(static e => e.Element);

    private static void Keep(PriorityQueue<int, (double, int)> heap, int shard, double weight, int most)
    {
        if (heap.Count < most)
        {
            heap.Enqueue(shard, (weight, -shard));
        }
        else if (heap.TryPeek(out _, out var least) && (weight, -shard).CompareTo(least) > 0)
        {
            heap.EnqueueDequeue(shard, (weight, -shard));
        }
    }
}
