namespace Grid.Samples.KafkaStreams;

/// <summary>The value of a record of the topic <c>payments</c>, as JSON; the record's key is the account.</summary>
/// <param name="Run">Which run of the sample sent it.</param>
/// <param name="Number">From 1, for each account.</param>
/// <param name="Cents">Positive in, negative out.</param>
[GenerateSerializer, Immutable, Alias("sample.payment")]
public sealed record Payment([property: Id(0)] string Run, [property: Id(1)] int Number, [property: Id(2)] long Cents);
