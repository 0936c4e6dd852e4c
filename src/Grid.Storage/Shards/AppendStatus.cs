namespace Grid.Storage;

/// <summary>What became of an appended block.</summary>
public enum AppendStatus
{
    /// <summary>The block is durable in the log, by this call or by an earlier one with the same epoch, sequence and bytes.</summary>
    Committed = 1,

    /// <summary>Another owner holds the shard. The block is not in the log and never will be.</summary>
    Fenced = 2,

    /// <summary>The block does not follow the last one, or other bytes of the same epoch are there already. It is not in the log.</summary>
    OutOfSequence = 3,

    /// <summary>The log has been cut past the sequence, so nobody can tell any more whether the block was in it.</summary>
    Unknown = 4,

    /// <summary>The store could not write. The block is not acknowledged: append the same block again to learn or change its fate.</summary>
    Refused = 5,
}
