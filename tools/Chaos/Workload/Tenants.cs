namespace Grid.Chaos.Workload;

/// <summary>As many tenants as flights has airports, skewed as they are: the tenant of rank r has a share in proportion to 1/r.</summary>
internal static class Tenants
{
    public const int Count = 229;

    private const int SpreadEach = 5;

    private static readonly double[] s_upTo = UpTo();

    public static string Name(int tenant) => $"t{tenant:000}";

    public static int Pick(Random random)
    {
        var at = Array.BinarySearch(s_upTo, random.NextDouble() * s_upTo[^1]);
        return Math.Min(at < 0 ? ~at : at, Count - 1);
    }

    /// <summary>Fed from every partition, so that only the shard's own order counts.</summary>
    public static bool IsSpread(int tenant) => tenant % SpreadEach == 3;

    /// <summary>Gets pushes beside its stream.</summary>
    public static bool IsPushed(int tenant) => tenant % SpreadEach == 1;

    public static int Partition(int tenant, Random random) => IsSpread(tenant) ? random.Next(ChaosViews.Partitions) : tenant % ChaosViews.Partitions;

    public static int PickPushed(Random random)
    {
        while (true)
        {
            if (Pick(random) is var tenant && IsPushed(tenant))
            {
                return tenant;
            }
        }
    }

    private static double[] UpTo()
    {
        var upTo = new double[Count];
        var sum = 0.0;
        for (var i = 0; i < Count; i++)
        {
            sum += 1.0 / (i + 1);
            upTo[i] = sum;
        }

        return upTo;
    }
}
