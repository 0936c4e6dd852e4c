namespace Grid.Streams.Kafka;

/// <summary>What a record of Grid's own form holds. Wire format, behind a version byte.</summary>
[GenerateSerializer, Immutable, Alias("grid.kafka.envelope")]
internal sealed record KafkaEnvelope([property: Id(0)] object[] Events, [property: Id(1)] Dictionary<string, object>? Context);
