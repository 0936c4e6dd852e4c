using System.Globalization;
using Orleans.Streams;

namespace Grid.Streams.Kafka;

/// <summary>
/// Where an event stands: partition, offset of its record, and its index in that record. Kept by an application and given to <c>SubscribeAsync</c> or <c>ResumeAsync</c>, it makes the stream
/// begin there again, that event included. Tokens of one stream are of one partition and compare by offset and index.
/// </summary>
[GenerateSerializer, Immutable, Alias("grid.kafka.token")]
public sealed class KafkaSequenceToken : StreamSequenceToken
{
    /// <summary>Beyond the index of any event: "everything up to and with this record". What the runtime keeps as delivered, as opposed to what an application asks for.</summary>
    internal const int End = int.MaxValue;

    /// <param name="partition">0 or more.</param>
    /// <param name="offset">0 or more.</param>
    /// <param name="index">Of the event in its record.</param>
    public KafkaSequenceToken(int partition, long offset, int index = 0)
    {
        Partition = partition;
        SequenceNumber = offset;
        EventIndex = index;
    }

    [Id(0)]
    public int Partition { get; private set; }

    /// <summary>The record's offset.</summary>
    [Id(1)]
    public override long SequenceNumber { get; protected set; }

    [Id(2)]
    public override int EventIndex { get; protected set; }

    public override bool Equals(StreamSequenceToken? other) => other is KafkaSequenceToken token && token.Partition == Partition && token.SequenceNumber == SequenceNumber && token.EventIndex == EventIndex;

    public override bool Equals(object? obj) => Equals(obj as StreamSequenceToken);

    public override int CompareTo(StreamSequenceToken? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byOffset = SequenceNumber.CompareTo(other.SequenceNumber);
        return byOffset != 0 ? byOffset : EventIndex.CompareTo(other.EventIndex);
    }

    public override int GetHashCode() => HashCode.Combine(Partition, SequenceNumber, EventIndex);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Partition}@{SequenceNumber}.{(EventIndex == End ? "end" : EventIndex.ToString(CultureInfo.InvariantCulture))}");
}
