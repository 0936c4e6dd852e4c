using Grid.Grains.Balancing;
using Grid.Primitives;

namespace Grid.Balancing.Tests.Support;

/// <summary>Small load maps to decide on.</summary>
internal static class Maps
{
    public const long Now = 10_000_000;

    public const long MiB = 1L << 20;

    public static SiloLoad Silo(string name, double used, params ShardLoad[] hot) => new(
        name, $"zone-{name}", SiloState.Active, Now, 4, used, 1, 1024 * MiB, 8192 * MiB, [], hot, default, Calls(hot));

    public static ShardLoad Shard(int number, double cores, params VersionCalls[] calls) => new(new ShardKey("default", "acme", number), cores, MiB, calls);

    public static VersionLoad Version(string name, int min, int max, params string[] silos) => new(
        name, min, max, 100 * MiB, 100e-6, Now, [], [.. silos.Select(static s => new WantedReplica(s, true))]);

    /// <summary>Decides twice, as far apart as a wish must be sustained, so that what is seen twice is done.</summary>
    public static BalanceResult Sustained(LoadMap map, BalancePolicy? policy = null)
    {
        policy ??= BalancePolicy.Default;
        var first = Balancer.Decide(map, policy, BalanceState.Empty, Now - policy.SustainMs);
        return Balancer.Decide(map, policy, first.State, Now);
    }

    private static VersionCalls[] Calls(ShardLoad[] hot) =>
        [.. hot.SelectMany(static h => h.Calls).GroupBy(static c => c.Version).Select(static g => new VersionCalls(g.Key, g.Sum(static c => c.PerSecond), g.Sum(static c => c.RemotePerSecond)))];
}
