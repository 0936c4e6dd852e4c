using Grid.Balancing.Bench.Simulation;

namespace Grid.Balancing.Bench.Policies;

/// <summary>
/// What Orleans' activation rebalancer does, after its documentation and options, with its defaults: its only signals are the number of activations and
/// the memory of each silo. Every 15 s, unless the entropy of count × memory is as good as even, it pairs the silos with most and fewest activations and
/// moves random ones, damped by cycle, cluster size and entropy. A session ends when it stagnates; the next starts a minute later.
/// </summary>
internal sealed class CountRebalancing : IPlacementPolicy
{
    private const long CycleMs = 15_000, RestMs = 60_000;
    private const double EntropyQuantum = 1e-4, CycleWeight = 0.1, SiloWeight = 0.1;
    private const int MaxStagnant = 3;

    private readonly RandomPolicy _placement = new();
    private long _nextMs;
    private int _cycle;
    private int _stagnant;
    private double _entropyBefore;

    public string Name => "orleans rebalancer";

    public int Place(World world, int shard) => _placement.Place(world, shard);

    public void Step(World world)
    {
        if (world.NowMs < _nextMs)
        {
            return;
        }

        _nextMs = world.NowMs + CycleMs;
        var silos = world.Silos.Where(static s => s.TakesWork).OrderBy(static s => s.ShardCount).ToArray();
        var total = silos.Sum(static s => s.ShardCount);
        if (silos.Length < 2 || total == 0)
        {
            return;
        }

        _cycle++;
        var memory = silos.Select(world.MemoryOf).Select(static m => (double)m).ToArray();
        var mean = silos.Length / memory.Sum(static m => 1 / m);
        var shares = silos.Select((s, i) => (double)s.ShardCount / total * memory[i] / mean).ToArray();
        var sum = shares.Sum();
        var entropy = -shares.Select(p => Math.Max(p / sum, 1e-10)).Sum(static p => p * Math.Log(p));
        var most = Math.Log(silos.Length);
        var allowed = total < 10_000 ? 1e-4 : Math.Min(0.1, 1e-4 * Math.Pow(10, (int)Math.Log10(total / 10_000.0)));
        if ((most - entropy) / most < allowed)
        {
            EndSession(world);
            return;
        }

        if (Math.Abs(entropy - _entropyBefore) / most < EntropyQuantum)
        {
            _entropyBefore = entropy;
            if (++_stagnant >= MaxStagnant)
            {
                EndSession(world);
            }

            return;
        }

        _stagnant = 0;
        _entropyBefore = entropy;
        var damping = entropy / most * (1 - Math.Exp(-CycleWeight * _cycle)) / (1 + (SiloWeight * (silos.Length - 1)));
        var ideal = memory.Select(m => (double)total / silos.Length * (mean / m)).ToArray();
        for (int low = 0, high = silos.Length - 1; low < high; low++, high--)
        {
            var difference = Math.Abs(silos[low].ShardCount - ideal[low] - (silos[high].ShardCount - ideal[high]));
            MoveAny(world, silos[high].Number, silos[low].Number, Math.Min(silos[high].ShardCount, (int)(damping * difference / 2)));
        }
    }

    private void EndSession(World world) => (_nextMs, _cycle, _stagnant, _entropyBefore) = (world.NowMs + RestMs, 0, 0, 0);

    private static void MoveAny(World world, int from, int to, int count)
    {
        var start = world.Random.Next(world.ShardCount);
        for (var i = 0; i < world.ShardCount && count > 0; i++)
        {
            var shard = (start + i) % world.ShardCount;
            if (world.SiloOf(shard) == from)
            {
                world.Move(shard, to);
                count--;
            }
        }
    }
}
