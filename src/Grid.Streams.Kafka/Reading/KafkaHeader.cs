namespace Grid.Streams.Kafka;

/// <summary>One header of a record.</summary>
/// <param name="Name">May occur more than once in a record.</param>
/// <param name="Value">Bytes; null where the header has none.</param>
public readonly record struct KafkaHeader(string Name, byte[]? Value);
