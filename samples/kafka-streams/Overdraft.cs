namespace Grid.Samples.KafkaStreams;

/// <summary>An event of the topic <c>overdrafts</c>, in the provider's own form.</summary>
[GenerateSerializer, Immutable, Alias("sample.overdraft")]
public sealed record Overdraft([property: Id(0)] string Run, [property: Id(1)] string Account, [property: Id(2)] int PaymentNumber, [property: Id(3)] long BalanceCents);
