using Grid.Balancing.Bench.Policies;
using Grid.Balancing.Bench.Simulation;
using Grid.Grains.Balancing;

namespace Grid.Balancing.Bench;

/// <summary>
/// The same hour of work under each policy: ten minutes as it starts, a silo joins, hot spots move every five minutes, one silo slows down, one drains.
/// </summary>
internal static class Comparison
{
    public static void WriteHeader() =>
        Console.WriteLine("| silos | shards | policy | max/mean CPU: start | joined | hot spots | slow | end | worst 5 % | locality: start | end | moves | returns | look ms: mean | max |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");

    public static void Write(WorldOptions options)
    {
        IPlacementPolicy[] policies = [new RandomPolicy(), new HashPolicy(), new CountRebalancing(), new GridBalancing(BalancePolicy.Default)];
        foreach (var policy in policies)
        {
            Write(options, policy);
        }
    }

    private static void Write(WorldOptions options, IPlacementPolicy policy)
    {
        var run = new Run(options, policy);
        var world = run.World;
        var ticksPerMinute = 60_000 / options.TickMs;
        List<double> marks = [];
        void Phase(int minutes)
        {
            run.For(TimeSpan.FromMinutes(minutes));
            marks.Add(Run.Last(run.Imbalance, 2 * ticksPerMinute));
        }

        Phase(10);
        world.Join();
        Phase(10);
        for (var spot = 0; spot < 4; spot++)
        {
            world.MoveHotSpots(Math.Max(2, options.Silos / 4), 4);
            run.For(TimeSpan.FromMinutes(5));
        }

        marks.Add(Run.Last(run.Imbalance, 20 * ticksPerMinute));
        world.Silos[0].Slowness = 1.6;
        Phase(10);
        // A silo that stops gives up what is still there, and those shards are placed anew.
        world.Silos[1].State = SiloState.Draining;
        run.For(TimeSpan.FromMinutes(policy is GridBalancing ? 2 : 0));
        run.Kill(world.Silos[1]);
        Phase(10);
        var worst = run.Imbalance.Order().ElementAt((int)(run.Imbalance.Count * 0.95));
        var looks = policy is GridBalancing grid ? $"{grid.LookMs / grid.Looks:0.00} | {grid.SlowestLookMs:0.0}" : "- | -";
        Console.WriteLine($"| {options.Silos} | {options.Shards} | {policy.Name} | {string.Join(" | ", marks.Select(static m => m.ToString("0.00")))} | {worst:0.00} | {run.Locality[0]:0.000} | {Run.Last(run.Locality, 2 * ticksPerMinute):0.000} | {world.Moves} | {world.Returns} | {looks} |");
    }
}
