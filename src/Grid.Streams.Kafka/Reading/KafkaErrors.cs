using Confluent.Kafka;
using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>What librdkafka reports, in the words of Grid's errors.</summary>
internal static class KafkaErrors
{
    /// <summary>A guess for callers; the readers and producers keep their own waits.</summary>
    private const int RetryMs = 1000;

    public static bool IsOutOfRange(Error error) => error.Code is ErrorCode.OffsetOutOfRange or ErrorCode.Local_AutoOffsetReset;

    public static GridError Fatal(string target, Error error) =>
        new(GridErrorCode.Internal, target, $"the Kafka client gave up: {error.Reason} ({error.Code}).", "Seek or start the reader again, and look into the cause in the brokers' logs.");

    public static GridError Transient(string target, Error error) =>
        GridError.Unavailable(target, $"Kafka answers {error.Code}: {error.Reason}.", Cure(error.Code), RetryMs);

    private static string? Cure(ErrorCode code) => code switch
    {
        ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed => "Check the user, the password and the SASL mechanism.",
        ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed => "Give the user the right to it on the brokers.",
        ErrorCode.Local_Ssl => "Check the certificates and the CA.",
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition => "Create the topic with as many partitions as configured, or correct the configuration.",
        ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Transport or ErrorCode.Local_Resolve => "Check the bootstrap servers and the network, or wait for the brokers.",
        _ => null,
    };
}
