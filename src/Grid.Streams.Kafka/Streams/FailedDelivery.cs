namespace Grid.Streams.Kafka;

/// <summary>A record that a consumer has failed on for as long as the agent retries.</summary>
/// <param name="Attempt">Rounds of retries, the one with its neighbours included.</param>
internal sealed record FailedDelivery(KafkaRecord Record, int Attempt);
