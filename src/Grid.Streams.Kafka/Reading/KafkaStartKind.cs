namespace Grid.Streams.Kafka;

/// <summary>Kinds of <see cref="KafkaStart"/>.</summary>
public enum KafkaStartKind
{
    Earliest = 0,
    Latest = 1,
    Offset = 2,
    Committed = 3,
}
