namespace Grid.Grains.Balancing.Rules;

/// <summary>A place for a shard that has to leave whatever it costs.</summary>
internal static class Refuge
{
    /// <summary>Index of the silo with the lowest utilisation afterwards, remote calls weighed in; -1 if none has budget and room.</summary>
    public static int Find(Look look, ShardLoad shard, int from)
    {
        Span<int> found = stackalloc int[64];
        var count = Targets.LeastUsed(look, found[..Math.Min(found.Length, look.Policy.TargetsPerMove)]);
        count = Targets.WithHosts(look, shard, found, count);
        var best = -1;
        var bestShare = double.MaxValue;
        for (var t = 0; t < count; t++)
        {
            look.Evaluations++;
            var silo = look.Silos[found[t]];
            if (found[t] == from || !silo.CanTake(shard))
            {
                continue;
            }

            var share = silo.ShareWith(shard.Cores + (look.RemoteAt(shard, found[t]) * look.Policy.RemoteCallCores * look.Policy.LocalityWeight));
            if (share < bestShare)
            {
                (best, bestShare) = (found[t], share);
            }
        }

        return best;
    }
}
