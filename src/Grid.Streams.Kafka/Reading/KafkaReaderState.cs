namespace Grid.Streams.Kafka;

/// <summary>What a partition reader is doing.</summary>
public enum KafkaReaderState
{
    /// <summary>Looking for the broker and the start; goes on for as long as it takes.</summary>
    Connecting = 0,

    Reading = 1,

    /// <summary>The caller paused it.</summary>
    Paused = 2,

    /// <summary>It was reading and lost the brokers; goes on by itself when one is back.</summary>
    Disconnected = 3,

    /// <summary>A <see cref="KafkaPartitionCondition"/> holds.</summary>
    Stopped = 4,

    Closed = 5,
}
