namespace Grid.Streams.Kafka;

/// <summary>Classes of <see cref="KafkaPartitionCondition"/>.</summary>
public enum KafkaConditionKind
{
    /// <summary>The offset is below what the broker keeps, or above what it has: records were deleted, or the topic was made anew.</summary>
    OutOfRange = 1,

    /// <summary>librdkafka gave up: the client is beyond repair until it is made again.</summary>
    Fatal = 2,

    /// <summary>librdkafka does not take the settings.</summary>
    Configuration = 3,
}
