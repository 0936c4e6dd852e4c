namespace Grid.Chaos.Checking;

/// <summary>A record as the brokers have it.</summary>
internal sealed record TopicRecord(int Partition, long Offset, byte[] Key, byte[] Value, long ArrivalMs);
