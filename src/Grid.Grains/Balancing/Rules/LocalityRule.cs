namespace Grid.Grains.Balancing.Rules;

/// <summary>Brings shards to the models that they call remotely, where that overloads nobody.</summary>
internal static class LocalityRule
{
    private const int MaxTargets = 64;

    public static void Apply(Look look)
    {
        var mean = look.MeanShare();
        var wanting = new List<(ShardLoad Shard, int Silo, double Remote)>();
        for (var i = 0; i < look.Silos.Length; i++)
        {
            if (!look.Silos[i].IsUsable)
            {
                continue;
            }

            foreach (var shard in look.Silos[i].Candidates)
            {
                // By where replicas are and will be, not by what was measured: one that is being loaded here needs no move.
                if (look.RemoteAt(shard, i) is var remote && remote >= look.Policy.MinRemotePerSecond && shard.RemotePerSecond >= look.Policy.MinRemotePerSecond)
                {
                    wanting.Add((shard, i, remote));
                }
            }
        }

        wanting.Sort(static (a, b) => b.Remote.CompareTo(a.Remote) is var order and not 0 ? order : string.CompareOrdinal(a.Shard.Shard.ToString(), b.Shard.Shard.ToString()));
        Span<int> found = stackalloc int[MaxTargets];
        foreach (var (shard, from, remote) in wanting)
        {
            if (!look.HasMovesLeft)
            {
                break;
            }

            if (!look.Silos[from].CanGive)
            {
                continue;
            }

            var (to, after) = Best(look, shard, from, remote, mean, found);
            if (to < 0)
            {
                look.Hold(shard.Shard.ToString(), $"{DecisionText.Rate(remote)} of its calls leave {look.Silos[from].Load.Silo}, but no silo with those versions has budget, room and cores for {DecisionText.Cores(shard.Cores)} and {DecisionText.Bytes(shard.StateBytes)}.");
                continue;
            }

            var (source, target) = (look.Silos[from], look.Silos[to]);
            look.Move(
                DecisionKind.JoinReplica,
                shard,
                from,
                to,
                $"{DecisionText.Rate(remote)} of its calls leave {source.Load.Silo}; {target.Load.Silo} holds what it calls, so {DecisionText.Rate(after)} would, and {target.Load.Silo} rises from {DecisionText.Share(target.Share)} to {DecisionText.Share(target.ShareWith(shard.Cores))} of its cores.",
                new DecisionFigure("remote before", remote, "calls/s"),
                new DecisionFigure("remote after", after, "calls/s"),
                new DecisionFigure("shard", shard.Cores, "cores"),
                new DecisionFigure("state", shard.StateBytes, "bytes"),
                new DecisionFigure("mean", mean, "share"),
                new DecisionFigure("target before", target.Share, "share"),
                new DecisionFigure("target after", target.ShareWith(shard.Cores), "share"));
        }
    }

    private static (int To, double Remote) Best(Look look, ShardLoad shard, int from, double remote, double mean, Span<int> found)
    {
        var count = Targets.WithHosts(look, shard, found, 0);
        var best = (To: -1, Remote: remote / 2);
        for (var t = 0; t < count; t++)
        {
            look.Evaluations++;
            var silo = look.Silos[found[t]];
            var share = silo.ShareWith(shard.Cores);
            var after = look.RemoteAt(shard, found[t]);

            // Never beyond what would make the target busy: the next look would send it away again.
            var calm = share <= Math.Min(look.Policy.OverloadShare, Math.Max(mean * (1 + look.Policy.ExitShare), mean + look.Policy.MinGapShare)) || share <= look.Silos[from].Share;
            if (found[t] != from && calm && silo.CanTake(shard)
                && (after < best.Remote || (after == best.Remote && best.To >= 0 && silo.Share < look.Silos[best.To].Share)))
            {
                best = (found[t], after);
            }
        }

        return best;
    }
}
