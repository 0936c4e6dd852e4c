namespace Grid.Streams.Kafka;

/// <summary>How the values of a topic are written.</summary>
public enum RecordFormat
{
    /// <summary>One JSON object, with or without the five bytes that Confluent's JSON serializer puts before it.</summary>
    Json = 1,

    /// <summary>Avro with Confluent's framing; schemas come from the registry.</summary>
    Avro = 2,

    /// <summary>Protobuf, described by a descriptor set.</summary>
    Protobuf = 3,
}
