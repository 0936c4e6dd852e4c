namespace Grid.Grains.Balancing.Rules;

/// <summary>Which silos are worth weighing up for a shard: those with the least to do, and those that hold what it calls.</summary>
internal static class Targets
{
    /// <summary>Hosts of one version that are weighed up: the least busy ones.</summary>
    private const int HostsPerVersion = 2;

    /// <summary>Fills the span with the least utilised silos that may take something; returns how many.</summary>
    public static int LeastUsed(Look look, Span<int> found, Func<int, bool>? filter = null)
    {
        var count = 0;
        for (var i = 0; i < look.Silos.Length; i++)
        {
            if (look.Silos[i].CanTakeAny && (filter is null || filter(i)))
            {
                count = Insert(look, found, count, i);
            }
        }

        return count;
    }

    /// <summary>Adds the least utilised hosts of what the shard calls to those in the span; returns how many there are now.</summary>
    public static int WithHosts(Look look, ShardLoad shard, Span<int> found, int count)
    {
        Span<int> hosts = stackalloc int[HostsPerVersion];
        for (var c = 0; c < shard.Calls.Count; c++)
        {
            if (look.Versions.Find(shard.Calls[c].Version) is not { } version)
            {
                continue;
            }

            var hostCount = 0;
            for (var h = 0; h < version.Hosts.Count; h++)
            {
                if (look.Silos[version.Hosts[h]].CanTakeAny)
                {
                    hostCount = Insert(look, hosts, hostCount, version.Hosts[h]);
                }
            }

            for (var h = 0; h < hostCount && count < found.Length; h++)
            {
                if (!found[..count].Contains(hosts[h]))
                {
                    found[count++] = hosts[h];
                }
            }
        }

        return count;
    }

    /// <summary>Insertion by utilisation, then by number, into the first <paramref name="count"/> places of a bounded list.</summary>
    private static int Insert(Look look, Span<int> found, int count, int silo)
    {
        var share = look.Silos[silo].Share;
        var at = count;
        while (at > 0 && share < look.Silos[found[at - 1]].Share)
        {
            at--;
        }

        if (at == found.Length)
        {
            return count;
        }

        var kept = Math.Min(count, found.Length - 1);
        found[at..kept].CopyTo(found[(at + 1)..]);
        found[at] = silo;
        return kept + 1;
    }
}
