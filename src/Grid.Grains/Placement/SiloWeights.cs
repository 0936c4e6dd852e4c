using Grid.Abstractions;

namespace Grid.Grains.Placement;

/// <summary>How much of what is to be placed falls to a silo, by what it last said. Pure.</summary>
internal static class SiloWeights
{
    /// <summary>A silo that was not heard of for this long may be frozen: most of what is placed goes elsewhere.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(5);

    /// <summary>Free processor time counts in this many steps, so that small changes of load move nothing to another silo.</summary>
    private const int Steps = 4;

    /// <summary>Memory in use beyond which a silo should not be given more.</summary>
    private const double FullMemory = 0.9;

    private const double Doubtful = 0.1;

    /// <param name="info">The last that it said; null for a silo that has only just joined.</param>
    /// <param name="age">How long ago.</param>
    /// <returns>0 where it must not be given anything; otherwise in cores.</returns>
    public static double Of(SiloInfo? info, TimeSpan age)
    {
        if (info is null)
        {
            return 1;
        }

        if (info.Phase != SiloPhase.Active)
        {
            return 0;
        }

        var free = Math.Clamp(1 - (info.UsedCores / info.Cores), 0, 1);
        var weight = info.Cores * Math.Max(1, Math.Ceiling(free * Steps)) / Steps;
        if (age > Stale || info.MemoryUsedBytes > info.MemoryLimitBytes * FullMemory)
        {
            weight *= Doubtful;
        }

        return weight;
    }
}
