using Grid.Grains.Placement;

namespace Grid.Grains.Balancing.Rules;

/// <summary>One silo as it will be once everything decided so far is done.</summary>
internal sealed class SiloWork(SiloLoad load, BalancePolicy policy)
{
    private readonly List<ShardLoad> _candidates = [];
    private long _bytesLeft = policy.BytesPerSilo;
    private int _outLeft = load.State == SiloState.Draining ? policy.DrainMovesPerSilo : policy.MovesPerSilo;
    private int _inLeft = policy.MovesPerSilo;
    private int _replicasLeft = policy.ReplicasPerSilo;

    public SiloLoad Load { get; } = load;

    public ulong Hash { get; } = Rendezvous.Hash(load.Silo);

    public double UsedCores { get; set; } = load.UsedCores;

    public long MemoryBytes { get; set; } = load.MemoryUsedBytes;

    /// <summary>Shards that may be moved, heaviest first. Those that were moved away are gone from it.</summary>
    public IReadOnlyList<ShardLoad> Candidates => _candidates;

    public bool IsUsable => Load.State != SiloState.Draining;

    public double Share => UsedCores / Load.CapacityCores;

    public double MemoryShare => (double)MemoryBytes / Load.MemoryLimitBytes;

    public bool CanGive => _outLeft > 0 && _candidates.Count > 0;

    public bool CanTakeAny => IsUsable && _inLeft > 0;

    /// <summary>Utilisation with more (or, below zero, fewer) cores used.</summary>
    public double ShareWith(double cores) => (UsedCores + cores) / Load.CapacityCores;

    public bool HasRoomFor(long bytes) => MemoryBytes + bytes <= policy.MemoryFillShare * Load.MemoryLimitBytes;

    public bool CanTake(ShardLoad shard) =>
        CanTakeAny && HasRoomFor(shard.StateBytes) && (shard.StateBytes <= _bytesLeft || _bytesLeft == policy.BytesPerSilo);

    public bool CanLoad(long bytes) => IsUsable && _replicasLeft > 0 && HasRoomFor(bytes);

    public void TakeReplica(long bytes)
    {
        MemoryBytes += bytes;
        _replicasLeft--;
    }

    public void SetCandidates(Look look)
    {
        foreach (var shard in Load.Hot)
        {
            // One that rests may still leave a silo that drains: staying is no choice there.
            if (!look.IsResting(shard.Shard) || !IsUsable)
            {
                _candidates.Add(shard);
            }
        }

        _candidates.Sort(static (a, b) => b.Cores.CompareTo(a.Cores) is var order and not 0 ? order : string.CompareOrdinal(a.Shard.ToString(), b.Shard.ToString()));
    }

    public void Give(ShardLoad shard)
    {
        _candidates.Remove(shard);
        UsedCores = Math.Max(0, UsedCores - shard.Cores);
        MemoryBytes -= shard.StateBytes;
        _outLeft--;
    }

    public void Take(ShardLoad shard)
    {
        UsedCores += shard.Cores;
        MemoryBytes += shard.StateBytes;
        _bytesLeft -= shard.StateBytes;
        _inLeft--;
    }
}
