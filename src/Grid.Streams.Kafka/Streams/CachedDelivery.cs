namespace Grid.Streams.Kafka;

/// <summary>A container in a partition's cache, with its records for the case that it has to be set aside.</summary>
internal sealed class CachedDelivery(KafkaBatchContainer container, KafkaRecord[] records, bool isReplay)
{
    public KafkaBatchContainer Container { get; } = container;

    public KafkaRecord[] Records { get; } = records;

    /// <summary>Read again for one subscription: it lies below the mark and does not hold it.</summary>
    public bool IsReplay { get; } = isReplay;

    public long First { get; } = records[0].Offset;

    public long Last { get; } = records[^1].Offset;

    public long Bytes { get; } = records.Sum(static r => (long)r.Bytes);

    /// <summary>Whether the agent has been told of it; before that no subscription can have seen it.</summary>
    public StreamWindow? Window { get; set; }
}
