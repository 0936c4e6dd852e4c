namespace Grid.Storage;

/// <summary>What became of a snapshot.</summary>
public enum SnapshotStatus
{
    /// <summary>The snapshot is the shard's snapshot now, and the log is cut after its sequence.</summary>
    Switched = 1,

    /// <summary>Another owner holds the shard. The snapshot before stays whole.</summary>
    Fenced = 2,

    /// <summary>The shard has a snapshot of this sequence or of a later one already. Nothing was changed.</summary>
    Stale = 3,

    /// <summary>The store could not write. The snapshot before stays whole; write it again later.</summary>
    Refused = 4,
}
