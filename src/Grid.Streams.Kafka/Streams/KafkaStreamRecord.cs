namespace Grid.Streams.Kafka;

/// <summary>A record as events of a stream.</summary>
/// <param name="Key">The stream's key; not empty.</param>
/// <param name="Events">At least one.</param>
/// <param name="Context">For the request context of whoever takes the events; null where there is none.</param>
public readonly record struct KafkaStreamRecord(ReadOnlyMemory<byte> Key, IReadOnlyList<object> Events, Dictionary<string, object>? Context);
