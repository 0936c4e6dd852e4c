using System.Diagnostics;
using Grid.Balancing.Bench.Simulation;
using Grid.Grains.Balancing;
using Grid.Grains.Placement;

namespace Grid.Balancing.Bench.Policies;

/// <summary>Grid's placement and decisions, on reports like those of a real silo: the heaviest shards by name, the rest as a sum, smoothed.</summary>
internal sealed class GridBalancing(BalancePolicy policy, int hotShards = 256, long everyMs = 10_000) : IPlacementPolicy
{
    private long _nextMs;

    public string Name => "grid";

    public BalanceState State { get; private set; } = BalanceState.Empty;

    public List<BalanceDecision> Decisions { get; } = [];

    public List<HeldBack> Held { get; } = [];

    public int Looks { get; private set; }

    public double SlowestLookMs { get; private set; }

    public double LookMs { get; private set; }

    public long MostEvaluations { get; private set; }

    public long MostBytes { get; private set; }

    public int MostDecisions { get; private set; }

    public int Place(World world, int shard)
    {
        var key = Rendezvous.Hash(world.KeyOf(shard).ToString());
        var version = world.VersionOf(shard);
        var best = -1;
        var bestDraw = double.NegativeInfinity;
        foreach (var silo in world.Silos)
        {
            // A silo with the model counts tenfold: it is worth more than an even share.
            var weight = Math.Max(0.01, silo.CapacityCores - silo.SmoothedCores) * (world.IsHost(silo.Number, version) ? 10 : 1);
            var draw = silo.TakesWork ? Rendezvous.Draw(key, silo.Hash, weight) : double.NegativeInfinity;
            if (draw > bestDraw)
            {
                (best, bestDraw) = (silo.Number, draw);
            }
        }

        return best;
    }

    public void Step(World world)
    {
        if (world.NowMs < _nextMs)
        {
            return;
        }

        _nextMs = world.NowMs + everyMs;
        var map = Reports.Of(world, hotShards);
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        var result = Balancer.Decide(map, policy, State, world.NowMs);
        var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        MostBytes = Math.Max(MostBytes, GC.GetAllocatedBytesForCurrentThread() - bytes);
        SlowestLookMs = Math.Max(SlowestLookMs, took);
        LookMs += took;
        MostEvaluations = Math.Max(MostEvaluations, result.Evaluations);
        MostDecisions = Math.Max(MostDecisions, result.Decisions.Count);
        Looks++;
        State = result.State;
        Held.Clear();
        Held.AddRange(result.Held);
        foreach (var decision in result.Decisions)
        {
            Carry(world, decision);
            Decisions.Add(decision);
        }
    }

    private static void Carry(World world, BalanceDecision decision)
    {
        if (decision.IsMove)
        {
            world.Move(world.NumberOf(Primitives.ShardKey.Parse(decision.Subject)), Number(decision.To!));
            return;
        }

        var version = int.Parse(decision.Subject.Split('/')[1][1..], System.Globalization.CultureInfo.InvariantCulture);
        world.SetHost(Number(decision.To ?? decision.From!), version, decision.Kind == DecisionKind.AddReplica);
    }

    private static int Number(string silo) => int.Parse(silo["silo-".Length..], System.Globalization.CultureInfo.InvariantCulture);
}
