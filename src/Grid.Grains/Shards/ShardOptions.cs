namespace Grid.Grains.Shards;

/// <summary>Bounds and waits of a shard.</summary>
public sealed class ShardOptions
{
    /// <summary>Events applied before the turn lets reads in between. Default 256, 1 to 65,536.</summary>
    public int StepEvents { get; set; } = 256;

    /// <summary>How long events that nobody waits for may gather before they are committed. Default 50 ms, 0 to 10 s.</summary>
    public TimeSpan CommitLinger { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>A block of this many bytes is committed at once. Default 256 KiB.</summary>
    public int CommitBytes { get; set; } = 256 << 10;

    /// <summary>Applied but not committed bytes at which a shard takes no more. Default 16 MiB.</summary>
    public long MaxUncommittedBytes { get; set; } = 16 << 20;

    /// <summary>Committed log bytes after which a snapshot is taken. Default 4 MiB.</summary>
    public long SnapshotLogBytes { get; set; } = 4 << 20;

    /// <summary>Changes waiting for their turn at which a shard refuses more. Default 4,096.</summary>
    public int MaxWaitingChanges { get; set; } = 4096;

    /// <summary>Answers built longer than this after the owner last confirmed its epoch say so. Default 5 s.</summary>
    public TimeSpan OwnershipWarnAge { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Past this age a shard refuses reads and predictions, unless the model's manifest allows stale ones. Default 30 s.</summary>
    public TimeSpan OwnershipLimitAge { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>For tests of the tests only: apply deliveries again that the marks say are there. Default false.</summary>
    public bool IgnoreMarks { get; set; }
}
