namespace Grid.Features.Shards;

/// <summary>What a shard knows of one (feed, partition).</summary>
internal sealed class SourceState(string feed, string partition, ulong order)
{
    public string Feed { get; } = feed;

    public string Partition { get; } = partition;

    /// <summary>Decides ties of event time between sources: a hash of the names, the same in every shard and order of arrival.</summary>
    public ulong Order { get; } = order;

    /// <summary>Everything at or below it has been dealt with; -1 for nothing.</summary>
    public long Mark { get; set; } = -1;

    /// <summary>The mark that the rows of the log give so far.</summary>
    public long LoggedMark { get; set; } = -1;

    /// <summary>Greatest event time of an accepted event: what views on event time judge by.</summary>
    public long Watermark { get; set; } = Records.RecordLayout.NoTime;

    /// <summary>
    /// The same over the events that a view on arrival time took: what those judge by. An event from the future, which only a view on event time takes, must not make everything late for them.
    /// </summary>
    public long ClockedWatermark { get; set; } = Records.RecordLayout.NoTime;

    /// <summary>Index in the block being written; -1 where it is not in it yet.</summary>
    public int BlockIndex { get; set; } = -1;
}
