namespace Grid.Grains.Balancing.Rules;

/// <summary>Empties silos that drain: heaviest shards first, each to where it does least harm.</summary>
internal static class DrainRule
{
    public static void Apply(Look look)
    {
        for (var i = 0; i < look.Silos.Length; i++)
        {
            var silo = look.Silos[i];
            if (silo.IsUsable)
            {
                continue;
            }

            foreach (var shard in silo.Candidates.ToArray())
            {
                if (!look.HasMovesLeft || !silo.CanGive)
                {
                    look.Hold(silo.Load.Silo, $"It drains and {silo.Candidates.Count} of its heaviest shards wait for the budget of the next look.");
                    break;
                }

                if (Refuge.Find(look, shard, i) is not (>= 0 and var to))
                {
                    look.Hold(shard.Shard.ToString(), $"Its silo {silo.Load.Silo} drains, but no other silo has budget and room for {DecisionText.Bytes(shard.StateBytes)}.");
                    continue;
                }

                var target = look.Silos[to];
                look.Move(
                    DecisionKind.Drain,
                    shard,
                    i,
                    to,
                    $"{silo.Load.Silo} drains; {target.Load.Silo} is at {DecisionText.Share(target.Share)} of its cores, would be at {DecisionText.Share(target.ShareWith(shard.Cores))}, and leaves {DecisionText.Rate(look.RemoteAt(shard, to))} of the shard's calls remote.",
                    new DecisionFigure("shard", shard.Cores, "cores"),
                    new DecisionFigure("state", shard.StateBytes, "bytes"),
                    new DecisionFigure("target before", target.Share, "share"),
                    new DecisionFigure("target after", target.ShareWith(shard.Cores), "share"),
                    new DecisionFigure("remote there", look.RemoteAt(shard, to), "calls/s"));
            }
        }
    }
}
