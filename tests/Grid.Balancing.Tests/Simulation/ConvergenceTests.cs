using Grid.Balancing.Bench.Policies;
using Grid.Balancing.Bench.Simulation;
using Grid.Grains.Balancing;

namespace Grid.Balancing.Tests.Simulation;

/// <summary>The decisions in a simulated cluster, with seeds that a failure names.</summary>
public sealed class ConvergenceTests(ITestOutputHelper output)
{
    public static TheoryData<int, int, int> Clusters => new()
    {
        { 1, 3, 3_000 },
        { 2, 3, 300 },
        { 3, 8, 20_000 },
        { 4, 20, 40_000 },
        { 5, 60, 30_000 },
    };

    [Theory, MemberData(nameof(Clusters))]
    public void SteadyWork_IsEvenAndLocalAndThenLeftAlone(int seed, int silos, int shards)
    {
        var run = Start(seed, silos, shards);
        run.For(TimeSpan.FromMinutes(20));
        var (settled, returned) = (run.World.Moves, run.World.Returns);
        AssertNoSwinging(run);

        run.For(TimeSpan.FromMinutes(10));

        Report(run, seed, silos, shards);
        Assert.InRange(Run.Last(run.Imbalance, 120), 1, 1.25);
        Assert.InRange(Run.Last(run.Locality, 120), 0.97, 1);
        Assert.InRange(run.World.Moves - settled, 0, shards / 10);
        Assert.Equal(returned, run.World.Returns);
    }

    [Theory, MemberData(nameof(Clusters))]
    public void JoiningSilo_IsFilledWithAboutItsShare(int seed, int silos, int shards)
    {
        var run = Start(seed, silos, shards);
        run.For(TimeSpan.FromMinutes(15));
        var before = run.World.Moves;
        var joined = run.World.Join();

        run.For(TimeSpan.FromMinutes(15));

        Report(run, seed, silos, shards);
        var mean = run.World.Silos.Average(static s => s.Utilisation);
        Assert.InRange(joined.Utilisation / mean, 0.75, 1.25);
        Assert.InRange(Run.Last(run.Imbalance, 60), 1, 1.25);

        // Heaviest first, so far fewer shards than its share of them; twice that share is the bound.
        Assert.InRange(run.World.Moves - before, 1, Math.Max(64, (2 * shards / (silos + 1)) + (shards / 10)));
        AssertNoSwinging(run);
    }

    [Theory, MemberData(nameof(Clusters))]
    public void MovingHotSpots_AreFollowedWithoutSwinging(int seed, int silos, int shards)
    {
        var run = Start(seed, silos, shards);
        run.For(TimeSpan.FromMinutes(15));
        var before = run.World.Moves;
        for (var spot = 0; spot < 5; spot++)
        {
            run.World.MoveHotSpots(Math.Max(2, silos / 4), 4);
            run.For(TimeSpan.FromMinutes(5));
        }

        Report(run, seed, silos, shards);
        Assert.InRange(Run.Last(run.Imbalance, 12), 1, 1.3);
        Assert.InRange(run.World.Moves - before, 0, Math.Max(200, shards / 4));

        // A shard may come back when it turns hot again elsewhere, but that stays rare.
        Assert.InRange(run.World.Returns, 0, Math.Max(6, (run.World.Moves - before) / 10));
        Assert.InRange(run.World.MostMovesOfOneShard, 0, 10);
    }

    [Theory, MemberData(nameof(Clusters))]
    public void SlowSilo_IsRelieved(int seed, int silos, int shards)
    {
        var run = Start(seed, silos, shards);
        run.For(TimeSpan.FromMinutes(15));
        var slow = run.World.Silos[0];
        slow.Slowness = 1.6;

        run.For(TimeSpan.FromMinutes(15));

        Report(run, seed, silos, shards);
        var mean = run.World.Silos.Average(static s => s.Utilisation);
        Assert.InRange(slow.Utilisation / mean, 0, 1.25);
        AssertNoSwinging(run);
    }

    [Theory, MemberData(nameof(Clusters))]
    public void DrainingSilo_IsEmptied(int seed, int silos, int shards)
    {
        var run = Start(seed, silos, shards);
        run.For(TimeSpan.FromMinutes(15));
        run.World.Silos[1].State = SiloState.Draining;
        var had = run.World.Silos[1].ShardCount;

        // 32 into each other silo in a look, at most 256 out of one, and a look every 10 s.
        var looks = (had / Math.Min(256, 32 * (silos - 1))) + 3;
        run.For(TimeSpan.FromSeconds(10 * looks));

        Report(run, seed, silos, shards);
        Assert.Equal(0, Enumerable.Range(0, shards).Count(i => run.World.SiloOf(i) == 1));
    }

    [Fact]
    public void TwoHundredSilosWithAMillionShards_TakeBoundedWorkToDecide()
    {
        var policy = new GridBalancing(BalancePolicy.Default);
        var run = new Run(new WorldOptions { Seed = 9, Silos = 200, Shards = 1_000_000, Versions = 100 }, policy);

        run.For(TimeSpan.FromMinutes(3));

        output.WriteLine($"{policy.Looks} looks, {policy.LookMs / policy.Looks:0.0} ms each, slowest {policy.SlowestLookMs:0.0} ms, most {policy.MostEvaluations} evaluations, {policy.MostBytes >> 10} KiB, {policy.MostDecisions} decisions; imbalance {run.Imbalance[0]:0.00} to {run.Imbalance[^1]:0.00}, locality {run.Locality[0]:0.000} to {run.Locality[^1]:0.000}");
        Assert.True(run.Imbalance[^1] < run.Imbalance[0] * 0.8, $"{run.Imbalance[0]} to {run.Imbalance[^1]}");
        Assert.InRange(policy.MostDecisions, 1, 512 + 256);

        // A few places for each shard that may move: not for each shard there is.
        Assert.InRange(policy.MostEvaluations, 1, 1_000_000);
        Assert.InRange(policy.MostBytes, 1, 64 << 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Grid_IsMoreEvenAndMoreLocalThanTheAlternatives(int seed)
    {
        double[] Figures(IPlacementPolicy policy)
        {
            var run = new Run(new WorldOptions { Seed = seed, Silos = 12, Shards = 12_000 }, policy);
            run.For(TimeSpan.FromMinutes(15));
            run.World.Join();
            run.For(TimeSpan.FromMinutes(15));
            output.WriteLine($"seed {seed} {policy.Name}: imbalance {Run.Last(run.Imbalance, 24):0.00}, locality {Run.Last(run.Locality, 24):0.000}, {run.World.Moves} moves");
            return [Run.Last(run.Imbalance, 24), Run.Last(run.Locality, 24)];
        }

        var grid = Figures(new GridBalancing(BalancePolicy.Default));
        foreach (var other in (IPlacementPolicy[])[new RandomPolicy(), new HashPolicy(), new CountRebalancing()])
        {
            var figures = Figures(other);
            Assert.True(grid[0] < figures[0] && grid[1] > figures[1], $"{other.Name} with seed {seed}");
        }
    }

    private static Run Start(int seed, int silos, int shards) =>
        new(new WorldOptions { Seed = seed, Silos = silos, Shards = shards, ReplicasAtStart = Math.Min(3, silos - 1) }, new GridBalancing(BalancePolicy.Default));

    /// <summary>While replicas are still being added a shard in a thousand may follow its model back; nothing goes to and fro.</summary>
    private static void AssertNoSwinging(Run run)
    {
        Assert.InRange(run.World.Returns, 0, 2 + (run.World.Moves / 500));
        Assert.InRange(run.World.MostMovesOfOneShard, 0, 6);
    }

    private void Report(Run run, int seed, int silos, int shards) => output.WriteLine(
        $"seed {seed}, {silos} silos, {shards} shards: imbalance {run.Imbalance[0]:0.00} to {Run.Last(run.Imbalance, 12):0.00}, locality {run.Locality[0]:0.000} to {Run.Last(run.Locality, 12):0.000}, {run.World.Moves} moves, at most {run.World.MostMovesOfOneShard} of one shard, {run.World.Returns} returns");
}
