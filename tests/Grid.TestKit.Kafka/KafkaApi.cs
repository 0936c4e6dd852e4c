namespace Grid.TestKit.Kafka;

/// <summary>Requests of the Kafka protocol that the tests inject errors into. The numbers are the protocol's.</summary>
public enum KafkaApi : short
{
    Produce = 0,
    Fetch = 1,
    ListOffsets = 2,
    Metadata = 3,
    OffsetCommit = 8,
    OffsetFetch = 9,
    FindCoordinator = 10,
    InitProducerId = 22,
}
