using Confluent.Kafka;

namespace Grid.Streams.Kafka;

/// <summary>Where what librdkafka says of a producer goes.</summary>
internal static class ProducerLog
{
    /// <param name="builder">Of the producer.</param>
    /// <param name="log">Takes the facility, and what it says.</param>
    public static void LogTo(this ProducerBuilder<byte[]?, byte[]?> builder, Action<string, string> log) =>
        builder.SetLogHandler((_, message) => log(message.Facility, message.Message)).SetErrorHandler((_, error) => log("error", error.Reason));

    /// <summary>What each call says itself need not be said twice.</summary>
    public static void LogNowhere(this ProducerBuilder<byte[]?, byte[]?> builder) => builder.LogTo(static (_, _) => { });
}
