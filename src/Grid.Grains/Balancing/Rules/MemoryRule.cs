namespace Grid.Grains.Balancing.Rules;

/// <summary>Takes shards off silos whose memory is nearly full, largest first, until they are back under the fill mark.</summary>
internal static class MemoryRule
{
    public static void Apply(Look look)
    {
        for (var i = 0; i < look.Silos.Length; i++)
        {
            var silo = look.Silos[i];
            if (!silo.IsUsable || silo.MemoryShare <= look.Policy.MemoryHighShare)
            {
                continue;
            }

            foreach (var shard in silo.Candidates.OrderByDescending(static s => s.StateBytes).ToArray())
            {
                if (silo.MemoryShare <= look.Policy.MemoryFillShare || !look.HasMovesLeft || !silo.CanGive)
                {
                    break;
                }

                if (Refuge.Find(look, shard, i) is not (>= 0 and var to))
                {
                    look.Hold(silo.Load.Silo, $"Its memory is at {DecisionText.Share(silo.MemoryShare)}, but no other silo has budget and room for {shard.Shard} with {DecisionText.Bytes(shard.StateBytes)}.");
                    continue;
                }

                var target = look.Silos[to];
                look.Move(
                    DecisionKind.RelieveMemory,
                    shard,
                    i,
                    to,
                    $"{silo.Load.Silo} uses {DecisionText.Share(silo.MemoryShare)} of its memory, over {DecisionText.Share(look.Policy.MemoryHighShare)}; the shard holds {DecisionText.Bytes(shard.StateBytes)} and {target.Load.Silo} is at {DecisionText.Share(target.MemoryShare)}.",
                    new DecisionFigure("source memory", silo.MemoryShare, "share"),
                    new DecisionFigure("target memory", target.MemoryShare, "share"),
                    new DecisionFigure("state", shard.StateBytes, "bytes"));
            }
        }
    }
}
