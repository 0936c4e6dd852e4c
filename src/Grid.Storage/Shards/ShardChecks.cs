using Grid.Primitives;

namespace Grid.Storage;

/// <summary>What every store asks of the calls on its shards.</summary>
internal static class ShardChecks
{
    /// <summary>The last sequence of a shard: 1,099,511,627,775, which a thousand blocks a second reach in 34 years.</summary>
    public const long MaxSequence = (1L << 40) - 1;

    /// <exception cref="GridException">InvalidArgument: no shard can have this name.</exception>
    public static void Require(ShardKey shard)
    {
        if (!GridNames.IsValid(shard.Workspace) || !GridNames.IsValid(shard.Tenant) || shard.Shard is < 0 or >= ShardHash.MaxShards)
        {
            throw GridError.Invalid($"shard '{shard}'", "is not a shard's name.", $"{GridNames.Rule} A shard's number is 0 to {ShardHash.MaxShards - 1}.").ToException();
        }
    }

    /// <exception cref="GridException">InvalidArgument: no block can have this place.</exception>
    public static void RequireBlock(ShardKey shard, long epoch, long sequence)
    {
        Require(shard);
        if (epoch < 1 || sequence is < 1 or > MaxSequence)
        {
            throw GridError.Invalid($"shard '{shard}'", $"has a block of epoch {epoch} and sequence {sequence}.", $"Both count from 1, a sequence to {MaxSequence}.").ToException();
        }
    }

    /// <exception cref="GridException">InvalidArgument: the owner has no name, or a shard is named wrongly or twice.</exception>
    public static void RequireTake(IReadOnlyList<ShardKey> shards, string owner)
    {
        if (string.IsNullOrWhiteSpace(owner))
        {
            throw GridError.Invalid("owner", "is empty.", "Name who takes the shards.").ToException();
        }

        var seen = new HashSet<ShardKey>();
        foreach (var shard in shards)
        {
            Require(shard);
            if (!seen.Add(shard))
            {
                throw GridError.Invalid($"shard '{shard}'", "is named twice.", "Name each shard once.").ToException();
            }
        }
    }
}
