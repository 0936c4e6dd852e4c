using Grid.Streams.Kafka;

namespace Grid.Grains.Ingestion;

/// <summary>A record that no shard can take.</summary>
/// <param name="Record">As it came.</param>
/// <param name="Tenant">Its tenant; empty where it could not be told.</param>
/// <param name="Reason">A short stable word.</param>
/// <param name="Message">What is wrong with it, for people.</param>
internal sealed record PoisonRecord(KafkaRecord Record, string Tenant, string Reason, string Message);
