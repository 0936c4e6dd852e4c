using System.Collections.Immutable;

namespace Grid.Grains.Balancing.Rules;

/// <summary>Evens out the work: off busy silos, on to those with little to do.</summary>
internal static class SpreadRule
{
    /// <summary>A move must win at least this share of what it shifts: where one heavy shard is the whole trouble, moving it only moves the trouble.</summary>
    private const double LeastGain = 0.5;

    /// <summary>Room for the silos that one shard is weighed up for.</summary>
    private const int MaxTargets = 64;

    /// <summary>Decides moves; returns which silos are busy and idle now, and since when.</summary>
    public static (ImmutableSortedDictionary<string, long> Busy, ImmutableSortedDictionary<string, long> Idle) Apply(Look look)
    {
        var mean = look.MeanShare();
        var busy = Marks(look, look.Before.BusySinceMs, silo => IsBusy(look, silo, mean));
        var idle = Marks(look, look.Before.IdleSinceMs, silo => IsIdle(look, silo, mean));
        var stuck = new bool[look.Silos.Length];
        var ceiling = mean * (1 + look.Policy.ExitShare);
        var floor = mean * (1 - look.Policy.ExitShare);

        while (look.HasMovesLeft)
        {
            // 1. The busiest silo that has been busy for a while gives to whoever has least.
            var source = Busiest(look, i => !stuck[i] && look.Silos[i].Share > ceiling
                && busy.TryGetValue(look.Silos[i].Load.Silo, out var since) && (IsSustained(look, since) || look.Silos[i].Share >= look.Policy.OverloadShare));
            if (source >= 0)
            {
                stuck[source] = !TryMove(look, source, DecisionKind.Relieve, mean, null);
                continue;
            }

            // 2. Where somebody has been idle for a while, everybody above the mean gives to them.
            bool TakesMore(int i) => look.Silos[i].Share < floor && idle.TryGetValue(look.Silos[i].Load.Silo, out var since) && IsSustained(look, since);
            source = Enumerable.Range(0, look.Silos.Length).Any(i => look.Silos[i].CanTakeAny && TakesMore(i))
                ? Busiest(look, i => !stuck[i] && look.Silos[i].Share > mean)
                : -1;
            if (source < 0)
            {
                break;
            }

            stuck[source] = !TryMove(look, source, DecisionKind.Fill, mean, TakesMore);
        }

        return (busy, idle);
    }

    private static bool TryMove(Look look, int from, DecisionKind kind, double mean, Func<int, bool>? filter)
    {
        var (shard, to, gain) = Best(look, from, filter);
        var source = look.Silos[from];
        if (shard is null)
        {
            if (kind == DecisionKind.Relieve)
            {
                look.Hold(source.Load.Silo, $"It is at {DecisionText.Share(source.Share)} and the mean is {DecisionText.Share(mean)}, but none of its {source.Candidates.Count} heaviest shards that may move would win half of what it takes: {Heaviest(source)}.");
            }

            return false;
        }

        var target = look.Silos[to];
        var why = kind == DecisionKind.Relieve ? $"{source.Load.Silo} is busy at" : $"{target.Load.Silo} has little to do; {source.Load.Silo} is at";
        look.Move(
            kind,
            shard,
            from,
            to,
            $"{why} {DecisionText.Share(source.Share)} of its cores, the mean is {DecisionText.Share(mean)}; the shard takes {DecisionText.Cores(shard.Cores)}, so {source.Load.Silo} falls to {DecisionText.Share(source.ShareWith(-shard.Cores))} and {target.Load.Silo} rises from {DecisionText.Share(target.Share)} to {DecisionText.Share(target.ShareWith(shard.Cores))}.",
            new DecisionFigure("shard", shard.Cores, "cores"),
            new DecisionFigure("state", shard.StateBytes, "bytes"),
            new DecisionFigure("mean", mean, "share"),
            new DecisionFigure("source before", source.Share, "share"),
            new DecisionFigure("source after", source.ShareWith(-shard.Cores), "share"),
            new DecisionFigure("target before", target.Share, "share"),
            new DecisionFigure("target after", target.ShareWith(shard.Cores), "share"),
            new DecisionFigure("gain", gain, "share"),
            new DecisionFigure("remote before", look.RemoteAt(shard, from), "calls/s"),
            new DecisionFigure("remote after", look.RemoteAt(shard, to), "calls/s"));
        return true;
    }

    private static (ShardLoad? Shard, int To, double Gain) Best(Look look, int from, Func<int, bool>? filter)
    {
        Span<int> found = stackalloc int[MaxTargets];
        var source = look.Silos[from];
        var common = Targets.LeastUsed(look, found[..Math.Min(MaxTargets, look.Policy.TargetsPerMove)], filter);
        (ShardLoad? Shard, int To, double Gain) best = (null, -1, 0);
        var bestWorth = 0.0;
        var weighed = 0;
        for (var c = 0; c < source.Candidates.Count && weighed < look.Policy.CandidatesPerMove; c++)
        {
            var shard = source.Candidates[c];
            var count = filter is null ? Targets.WithHosts(look, shard, found, common) : common;
            var fits = false;
            for (var t = 0; t < count; t++)
            {
                var to = found[t];
                if (to == from)
                {
                    continue;
                }

                look.Evaluations++;
                var gain = Gain(source, look.Silos[to], shard);
                if (gain < LeastGain * shard.Cores / source.Load.CapacityCores || !look.Silos[to].CanTake(shard))
                {
                    continue;
                }

                fits = true;
                var worth = Worth(look, shard, from, to, gain);
                if (worth > bestWorth)
                {
                    (best, bestWorth) = ((shard, to, gain), worth);
                }
            }

            weighed += fits ? 1 : 0;
        }

        return best;
    }

    /// <summary>How far the higher utilisation of the two falls.</summary>
    private static double Gain(SiloWork source, SiloWork target, ShardLoad shard) =>
        source.Share - Math.Max(source.ShareWith(-shard.Cores), target.ShareWith(shard.Cores));

    /// <summary>The gain, less what new remote calls cost, and less where much state has to be read.</summary>
    private static double Worth(Look look, ShardLoad shard, int from, int to, double gain)
    {
        var remote = look.RemoteAt(shard, to) - look.RemoteAt(shard, from);
        var cost = remote * look.Policy.RemoteCallCores * look.Policy.LocalityWeight / look.Silos[from].Load.CapacityCores;
        return (gain - cost) / (1 + ((double)shard.StateBytes / look.Policy.HeavyStateBytes));
    }

    private static bool IsBusy(Look look, SiloWork silo, double mean)
    {
        var enter = mean * (1 + look.Policy.EnterShare);
        var exit = mean * (1 + look.Policy.ExitShare);
        return look.Before.BusySinceMs.ContainsKey(silo.Load.Silo)
            ? silo.Share > exit
            : (silo.Share > enter && silo.Share - mean > look.Policy.MinGapShare) || (silo.Load.QueueMs > look.Policy.QueueMsMax && silo.Share > exit);
    }

    private static bool IsIdle(Look look, SiloWork silo, double mean) =>
        look.Before.IdleSinceMs.ContainsKey(silo.Load.Silo)
            ? silo.Share < mean * (1 - look.Policy.ExitShare)
            : silo.Share < mean * (1 - look.Policy.EnterShare) && mean - silo.Share > look.Policy.MinGapShare;

    private static ImmutableSortedDictionary<string, long> Marks(Look look, ImmutableSortedDictionary<string, long> before, Func<SiloWork, bool> holds)
    {
        var marks = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        foreach (var silo in look.Silos)
        {
            if (silo.IsUsable && holds(silo))
            {
                marks[silo.Load.Silo] = before.TryGetValue(silo.Load.Silo, out var since) ? since : look.NowMs;
            }
        }

        return marks.ToImmutable();
    }

    private static bool IsSustained(Look look, long since) => look.NowMs - since >= look.Policy.SustainMs;

    private static int Busiest(Look look, Func<int, bool> filter)
    {
        var best = -1;
        for (var i = 0; i < look.Silos.Length; i++)
        {
            var silo = look.Silos[i];
            if (silo.IsUsable && silo.CanGive && filter(i) && (best < 0 || silo.Share > look.Silos[best].Share))
            {
                best = i;
            }
        }

        return best;
    }

    private static string Heaviest(SiloWork silo) =>
        silo.Candidates.Count == 0 ? "none may move" : $"the heaviest, {silo.Candidates[0].Shard}, takes {DecisionText.Cores(silo.Candidates[0].Cores)}";
}
