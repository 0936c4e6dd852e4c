using System.Collections.Immutable;

namespace Grid.Grains.Balancing.Rules;

/// <summary>
/// How many replicas a version has, and where: its minimum always, more while its calls need more cores or while a silo calls it much from afar, fewer
/// when they stand unused, none when it is idle and may be gone.
/// </summary>
internal static class ReplicaRule
{
    /// <summary>Fewer replicas must do even with this much more load: otherwise one would leave and come back.</summary>
    private const double RemovalMargin = 1.33;

    /// <summary>Decides changes; returns what to remember of each version.</summary>
    public static ImmutableSortedDictionary<string, VersionMark> Apply(Look look)
    {
        var marks = ImmutableSortedDictionary.CreateBuilder<string, VersionMark>(StringComparer.Ordinal);
        var usable = look.Silos.Where(static s => s.IsUsable).ToArray();
        var capacity = usable.Length == 0 ? 1 : usable.Average(static s => s.Load.CapacityCores);
        var left = look.Policy.ReplicaChangesPerLook;
        foreach (var version in look.Versions.All)
        {
            var before = look.Before.Versions.TryGetValue(version.Load.Version, out var known) ? known : new VersionMark(long.MinValue / 2, null, null);
            var need = new ReplicaNeed(look, version, capacity);
            var mark = before with
            {
                MoreSinceMs = need.WantsMore ? before.MoreSinceMs ?? look.NowMs : null,
                FewerSinceMs = need.WantsFewer(RemovalMargin) ? before.FewerSinceMs ?? look.NowMs : null,
            };
            KeepAsked(look, version);
            var changed = left;
            left = Grow(look, version, need, mark, left);
            left = Shrink(look, version, need, mark, left);
            marks[version.Load.Version] = left == changed ? mark : new VersionMark(look.NowMs, null, null);
        }

        BringToIdle(look, marks, left);
        return marks.ToImmutable();
    }

    /// <summary>A request that found no replica loaded one where it came to: it is there, so it is one of them. Too many are taken away like any other.</summary>
    private static void KeepAsked(Look look, VersionWork version)
    {
        foreach (var replica in version.Load.Replicas)
        {
            if (!replica.IsPlanned && look.IndexOf(replica.Silo) is >= 0 and var silo && look.Silos[silo].IsUsable)
            {
                look.Add(
                    DecisionKind.AddReplica,
                    version.Load.Version,
                    null,
                    replica.Silo,
                    $"A request loaded it on {replica.Silo}, when no silo that it was wanted on could answer; it is called {DecisionText.Rate(version.PerSecond)} in all.",
                    new DecisionFigure("calls", version.PerSecond, "calls/s"),
                    new DecisionFigure("replica", version.Load.MemoryBytes, "bytes"));
            }
        }
    }

    /// <summary>
    /// A silo that has had little to do for a while gets the versions that are called most: without them every shard that came to it would call from afar,
    /// so none would come.
    /// </summary>
    private static void BringToIdle(Look look, ImmutableSortedDictionary<string, VersionMark>.Builder marks, int left)
    {
        var mean = look.MeanShare();
        for (var i = 0; i < look.Silos.Length; i++)
        {
            var silo = look.Silos[i];
            if (!silo.IsUsable || !look.Before.IdleSinceMs.TryGetValue(silo.Load.Silo, out var since) || look.NowMs - since < look.Policy.SustainMs)
            {
                continue;
            }

            var wanted = look.Versions.All.Where(v => v.IsCalled && v.PerSecond > 0 && look.NowMs - marks[v.Load.Version].ChangedMs >= look.Policy.ReplicaCoolDownMs)
                .OrderByDescending(static v => v.PerSecond).ThenBy(static v => v.Load.Version, StringComparer.Ordinal);
            foreach (var version in wanted)
            {
                if (left == 0)
                {
                    return;
                }

                if (version.Hosts.Count + version.Silent >= version.Load.MaxReplicas || !ReplicaSites.CanHost(look, version, i))
                {
                    continue;
                }

                look.Add(
                    DecisionKind.AddReplica,
                    version.Load.Version,
                    null,
                    silo.Load.Silo,
                    $"{silo.Load.Silo} has little to do: it is at {DecisionText.Share(silo.Share)} of its cores and the mean is {DecisionText.Share(mean)}; shards that call this version ({DecisionText.Rate(version.PerSecond)} in all) can come once it is there, and its {DecisionText.Bytes(version.Load.MemoryBytes)} fit at {DecisionText.Share(silo.MemoryShare)} of memory.",
                    new DecisionFigure("silo", silo.Share, "share"),
                    new DecisionFigure("mean", mean, "share"),
                    new DecisionFigure("calls", version.PerSecond, "calls/s"),
                    new DecisionFigure("replica", version.Load.MemoryBytes, "bytes"),
                    new DecisionFigure("memory there", silo.MemoryShare, "share"));
                version.Put(i);
                silo.TakeReplica(version.Load.MemoryBytes);
                marks[version.Load.Version] = new VersionMark(look.NowMs, null, null);
                left--;
            }
        }
    }

    private static int Grow(Look look, VersionWork version, ReplicaNeed need, VersionMark mark, int left)
    {
        // Below the minimum nobody waits; for load and locality both the sustained wish and the rest after the last change are needed.
        var rested = look.NowMs - mark.ChangedMs >= look.Policy.ReplicaCoolDownMs;
        var sustained = mark.MoreSinceMs is { } since && look.NowMs - since >= look.Policy.SustainMs;
        var wanted = Math.Min(version.Load.MaxReplicas, Math.Max(need.Floor, rested && sustained ? need.Next : 0));
        for (var count = need.Count; count < wanted; count++)
        {
            var urgent = count < need.Floor;
            if (left == 0)
            {
                look.Hold(version.Load.Version, $"It has {count} replicas and should have {wanted}; the {look.Policy.ReplicaChangesPerLook} changes of this look are used up.");
                break;
            }

            var byCalls = count >= need.ByLoad;
            var site = ReplicaSites.Best(look, version, byCalls);
            if (site < 0 || (byCalls && version.CallsOf(site).RemotePerSecond < look.Policy.RemotePerSecondForReplica))
            {
                look.Hold(version.Load.Version, ReplicaSites.WhyNone(look, version, count, wanted));
                break;
            }

            var silo = look.Silos[site];
            var calls = version.CallsOf(site);
            var why = urgent
                ? $"It has {count} replicas and needs {need.Floor} (minimum {version.Load.MinReplicas}{(version.PerSecond > 0 ? $", called {DecisionText.Rate(version.PerSecond)}" : "")})"
                : count < need.ByLoad
                    ? $"Its calls take {DecisionText.Cores(version.Cores)}, which is work for {need.ByLoad} replicas at {DecisionText.Share(look.Policy.ReplicaShare)} of a silo each, and it has {count}"
                    : $"{silo.Load.Silo} sends {DecisionText.Rate(calls.RemotePerSecond)} to other silos, over {DecisionText.Rate(look.Policy.RemotePerSecondForReplica)}";
            look.Add(
                DecisionKind.AddReplica,
                version.Load.Version,
                null,
                silo.Load.Silo,
                $"{why}; {silo.Load.Silo} has room for its {DecisionText.Bytes(version.Load.MemoryBytes)} at {DecisionText.Share(silo.MemoryShare)} of memory and is at {DecisionText.Share(silo.Share)} of its cores.",
                new DecisionFigure("replicas", count, "replicas"),
                new DecisionFigure("wanted", wanted, "replicas"),
                new DecisionFigure("demand", version.Cores, "cores"),
                new DecisionFigure("remote there", calls.RemotePerSecond, "calls/s"),
                new DecisionFigure("replica", version.Load.MemoryBytes, "bytes"),
                new DecisionFigure("memory there", silo.MemoryShare, "share"));
            version.Put(site);
            silo.TakeReplica(version.Load.MemoryBytes);
            left--;
        }

        return left;
    }

    /// <summary>One that does not serve before those that do; of equals the one that its own silo calls least.</summary>
    private static int FirstToGo(Look look, VersionWork version) =>
        ReplicaSites.LeastCalled(look, version, i => !version.IsReadyOn(i)) is >= 0 and var site ? site : ReplicaSites.LeastCalled(look, version, static _ => true);

    private static int Shrink(Look look, VersionWork version, ReplicaNeed need, VersionMark mark, int left)
    {
        var rested = look.NowMs - mark.ChangedMs >= look.Policy.ReplicaCoolDownMs;
        while (left > 0 && rested)
        {
            var count = version.Hosts.Count(i => look.Silos[i].IsUsable) + version.Silent;
            var over = count > version.Load.MaxReplicas;
            var idle = !version.IsCalled && count > version.Load.MinReplicas;
            var sustained = mark.FewerSinceMs is { } since && look.NowMs - since >= look.Policy.RemoveAfterMs && count > need.Enough(RemovalMargin);
            var site = over || idle
                ? FirstToGo(look, version)
                : count > need.Enough(RemovalMargin)
                    ? ReplicaSites.LeastCalled(look, version, i => look.Silos[i].MemoryShare > look.Policy.MemoryHighShare || (sustained && version.CallsOf(i).PerSecond <= look.Policy.UnusedPerSecond))
                    : -1;
            if (site < 0)
            {
                break;
            }

            if (version.Load.MinReplicas > 0 || !idle)
            {
                // What stays must be able to answer before anything goes.
                var staying = version.Hosts.Where(i => i != site && look.Silos[i].IsUsable).ToArray();
                if (staying.Length > 0 && !staying.Any(version.IsReadyOn))
                {
                    look.Hold(version.Load.Version, $"It has {count} replicas, more than it should have, but none besides the one on {look.Silos[site].Load.Silo} serves yet.");
                    break;
                }
            }

            var silo = look.Silos[site];
            var why = over
                ? $"It has {count} replicas and may have {version.Load.MaxReplicas}"
                : idle
                    ? $"Nobody has called it for {DecisionText.Seconds(look.NowMs - version.Load.LastCallMs)}, and without calls {version.Load.MinReplicas} replicas are enough"
                    : silo.MemoryShare > look.Policy.MemoryHighShare
                        ? $"{silo.Load.Silo} uses {DecisionText.Share(silo.MemoryShare)} of its memory, and {need.Enough(RemovalMargin)} of its {count} replicas are enough"
                        : $"{need.Enough(RemovalMargin)} of its {count} replicas have been enough for {DecisionText.Seconds(look.NowMs - mark.FewerSinceMs!.Value)}";
            look.Add(
                DecisionKind.RemoveReplica,
                version.Load.Version,
                silo.Load.Silo,
                null,
                $"{why}; {silo.Load.Silo} calls it {DecisionText.Rate(version.CallsOf(site).PerSecond)}, and {DecisionText.Bytes(version.Load.MemoryBytes)} come free.",
                new DecisionFigure("replicas", count, "replicas"),
                new DecisionFigure("enough", need.Enough(RemovalMargin), "replicas"),
                new DecisionFigure("calls there", version.CallsOf(site).PerSecond, "calls/s"),
                new DecisionFigure("replica", version.Load.MemoryBytes, "bytes"),
                new DecisionFigure("memory there", silo.MemoryShare, "share"));
            version.Remove(site);
            silo.MemoryBytes -= version.Load.MemoryBytes;
            left--;
            if (!idle)
            {
                break;
            }
        }

        return left;
    }
}
