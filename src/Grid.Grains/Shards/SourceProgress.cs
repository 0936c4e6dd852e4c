using Grid.Abstractions;

namespace Grid.Grains.Shards;

/// <summary>Marks of one (feed, partition) while the shard is active.</summary>
internal sealed class SourceProgress(string feed, string partition, long mark)
{
    public string Feed => feed;

    public string Partition => partition;

    /// <summary>The newest reader seen; older ones are refused.</summary>
    public long ReaderEpoch { get; set; }

    /// <summary>The mark of the last block sealed.</summary>
    public long Sealed { get; set; } = mark;

    /// <summary>The mark of the last block committed.</summary>
    public long Durable { get; set; } = mark;

    public SourceMarks With(long applied) => new(applied, Durable);
}
