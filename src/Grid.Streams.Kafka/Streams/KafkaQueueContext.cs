using Microsoft.Extensions.Logging;

namespace Grid.Streams.Kafka;

/// <summary>What the parts of one provider share in this process. Immutable.</summary>
internal sealed record KafkaQueueContext(
    string Provider,
    KafkaStreamOptions Options,
    IKafkaClientFactory Clients,
    KafkaRecordCodec Codec,
    KafkaDeadLetterProducer? DeadLetters,
    KafkaInstruments Instruments,
    TimeSpan MaxDeliveryTime,
    ILoggerFactory Logging);
