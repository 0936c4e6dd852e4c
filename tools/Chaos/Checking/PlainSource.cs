namespace Grid.Chaos.Checking;

/// <summary>What the plain model remembers of one feed and partition of a shard.</summary>
internal sealed class PlainSource(ulong order)
{
    public ulong Order { get; } = order;

    /// <summary>Greatest event time that any view took.</summary>
    public long Watermark { get; set; } = long.MinValue;

    /// <summary>Greatest event time that a view on arrival time took.</summary>
    public long ClockedWatermark { get; set; } = long.MinValue;
}
