namespace Grid.Client.Wire;

/// <summary>What a shard is and holds.</summary>
public sealed record ShardBody
{
    /// <summary>workspace/tenant/shard.</summary>
    public required string Shard { get; init; }

    /// <summary>The process that owns it.</summary>
    public required string Silo { get; init; }

    /// <summary>The owner's epoch.</summary>
    public long Epoch { get; init; }

    /// <summary>The last block sealed.</summary>
    public long AppliedSequence { get; init; }

    /// <summary>The last block committed.</summary>
    public long DurableSequence { get; init; }

    /// <summary>The block of the last snapshot; 0 where there is none.</summary>
    public long SnapshotSequence { get; init; }

    /// <summary>Entity records held, over all views.</summary>
    public long Entities { get; init; }

    /// <summary>Bytes of pages in use.</summary>
    public long StateBytes { get; init; }

    /// <summary>Since the activation.</summary>
    public long EventsHandled { get; init; }

    /// <summary>Since the activation.</summary>
    public long Predictions { get; init; }

    /// <summary>Digest of the views the state is laid out for.</summary>
    public required string Generation { get; init; }

    /// <summary>Digest over all records, marks and keys, if asked for.</summary>
    public string? StateDigest { get; init; }
}
