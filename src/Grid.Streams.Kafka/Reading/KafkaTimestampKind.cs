namespace Grid.Streams.Kafka;

/// <summary>Where a record's time stamp comes from.</summary>
public enum KafkaTimestampKind : byte
{
    /// <summary>The record has none.</summary>
    None = 0,

    /// <summary>The producer's clock.</summary>
    CreateTime = 1,

    /// <summary>The broker's clock.</summary>
    LogAppendTime = 2,
}
