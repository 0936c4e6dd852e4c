using Grid.Grains.Placement;

namespace Grid.Grains.Balancing.Rules;

/// <summary>On which silo a replica is added or given up.</summary>
internal static class ReplicaSites
{
    /// <summary>
    /// The best silo for one more replica, or -1. Where calls are the reason, the silo that calls most; else one in the zone with fewest, then the one that
    /// calls most, then the least utilised, then by rendezvous, so that versions without calls spread.
    /// </summary>
    public static int Best(Look look, VersionWork version, bool byCalls)
    {
        var best = -1;
        for (var i = 0; i < look.Silos.Length; i++)
        {
            look.Evaluations++;
            if (CanHost(look, version, i) && (best < 0 || IsBetter(look, version, i, best, byCalls)))
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>The host that calls the version least and passes the filter, or -1; of equals one in the zone with most.</summary>
    public static int LeastCalled(Look look, VersionWork version, Func<int, bool> filter)
    {
        var best = -1;
        foreach (var i in version.Hosts)
        {
            if (!look.Silos[i].IsUsable || !filter(i))
            {
                continue;
            }

            var order = best < 0 ? -1 : version.CallsOf(i).PerSecond.CompareTo(version.CallsOf(best).PerSecond);
            if (order < 0 || (order == 0 && InZone(look, version, i) > InZone(look, version, best)))
            {
                best = i;
            }
        }

        return best;
    }

    public static string WhyNone(Look look, VersionWork version, int count, int wanted)
    {
        var free = look.Silos.Where(static s => s.IsUsable).Where(s => !version.IsOn(look.IndexOf(s.Load.Silo))).ToArray();
        var labelled = free.Where(s => HasLabels(version, s)).ToArray();
        var why = free.Length == 0
            ? "every silo that takes part has it"
            : labelled.Length == 0
                ? $"no other silo has the labels {string.Join(", ", version.Load.Requires)}"
                : labelled.Any(s => s.HasRoomFor(version.Load.MemoryBytes))
                    ? $"those with room get {look.Policy.ReplicasPerSilo} others in this look already"
                    : $"its {DecisionText.Bytes(version.Load.MemoryBytes)} fit nowhere; the roomiest silo has {DecisionText.Bytes(labelled.Max(s => (long)(look.Policy.MemoryFillShare * s.Load.MemoryLimitBytes) - s.MemoryBytes) is var room and > 0 ? room : 0)} up to {DecisionText.Share(look.Policy.MemoryFillShare)} of its memory";
        return $"It has {count} replicas and should have {wanted}, but {why}.";
    }

    public static bool CanHost(Look look, VersionWork version, int silo) =>
        !version.IsOn(silo) && look.Silos[silo].CanLoad(version.Load.MemoryBytes) && HasLabels(version, look.Silos[silo]);

    private static bool HasLabels(VersionWork version, SiloWork silo) => version.Load.Requires.All(label => silo.Load.Labels.Contains(label, StringComparer.Ordinal));

    private static bool IsBetter(Look look, VersionWork version, int silo, int than, bool byCalls)
    {
        var calls = version.CallsOf(silo).RemotePerSecond.CompareTo(version.CallsOf(than).RemotePerSecond);
        var zone = InZone(look, version, than).CompareTo(InZone(look, version, silo));
        var order = byCalls ? (calls != 0 ? calls : zone) : (zone != 0 ? zone : calls);
        if (order != 0)
        {
            return order > 0;
        }

        var share = look.Silos[than].Share.CompareTo(look.Silos[silo].Share);
        return share != 0
            ? share > 0
            : Rendezvous.Draw(version.Hash, look.Silos[silo].Hash, 1) > Rendezvous.Draw(version.Hash, look.Silos[than].Hash, 1);
    }

    private static int InZone(Look look, VersionWork version, int silo)
    {
        var count = 0;
        foreach (var host in version.Hosts)
        {
            count += look.Silos[host].IsUsable && look.Silos[host].Load.Zone == look.Silos[silo].Load.Zone ? 1 : 0;
        }

        return count;
    }
}
