namespace Grid.Samples.KafkaStreams;

/// <summary>Names that silos, clients and brokers agree on.</summary>
internal static class Topics
{
    public const string Provider = "kafka";
    public const string Payments = "payments";
    public const string Overdrafts = "overdrafts";
    public const string DeadLetters = "payments-dead";
    public const int PaymentPartitions = 4;
}
