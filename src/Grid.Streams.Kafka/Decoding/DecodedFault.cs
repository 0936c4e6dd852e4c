namespace Grid.Streams.Kafka;

/// <summary>A record that is no event, and why.</summary>
public readonly record struct DecodedFault(KafkaRecord Record, RecordFault Fault);
