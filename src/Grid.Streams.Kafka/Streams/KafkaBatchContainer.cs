using Grid.Primitives;
using Orleans.Runtime;
using Orleans.Streams;

namespace Grid.Streams.Kafka;

/// <summary>
/// Records of one stream that go to its consumers in one call, in order. Its token stands for "up to and with the last record": a consumer that holds it has had them all, however another reader
/// groups them.
/// </summary>
[GenerateSerializer, Immutable, Alias("grid.kafka.container")]
internal sealed class KafkaBatchContainer : IBatchContainer
{
    public KafkaBatchContainer(StreamId streamId, KafkaSequenceToken token, long[] offsets, int[] counts, object[] events, int skipped, Dictionary<string, object>? context)
    {
        StreamId = streamId;
        Token = token;
        Offsets = offsets;
        Counts = counts;
        Events = events;
        Skipped = skipped;
        Context = context;
    }

    [Id(0)]
    public StreamId StreamId { get; }

    [Id(1)]
    public KafkaSequenceToken Token { get; }

    /// <summary>Of the records.</summary>
    [Id(2)]
    public long[] Offsets { get; }

    /// <summary>Events of each record.</summary>
    [Id(3)]
    public int[] Counts { get; }

    [Id(4)]
    public object[] Events { get; }

    /// <summary>Events of the first record that are left out: a subscription began after them.</summary>
    [Id(5)]
    public int Skipped { get; }

    [Id(6)]
    public Dictionary<string, object>? Context { get; }

    public StreamSequenceToken SequenceToken => Token;

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>()
    {
        var at = 0;
        for (var r = 0; r < Offsets.Length; r++)
        {
            for (var i = 0; i < Counts[r]; i++, at++)
            {
                yield return Tuple.Create<T, StreamSequenceToken>(Cast<T>(Events[at], Offsets[r]), new KafkaSequenceToken(Token.Partition, Offsets[r], r == 0 ? i + Skipped : i));
            }
        }
    }

    public bool ImportRequestContext()
    {
        if (Context is null)
        {
            return false;
        }

        foreach (var (name, value) in Context)
        {
            RequestContext.Set(name, value);
        }

        return true;
    }

    /// <summary>A record alone; its token is its own.</summary>
    public KafkaBatchContainer One(int record) => Part(record, record + 1, 0);

    /// <summary>What lies at or after an event; this container where that is all of it.</summary>
    public KafkaBatchContainer From(long offset, int index)
    {
        var record = Array.FindIndex(Offsets, o => o >= offset);
        if (record < 0 || (record == 0 && (Offsets[0] > offset || index <= Skipped)))
        {
            return this;
        }

        return Part(record, Offsets.Length, Offsets[record] == offset ? Math.Min(index, Counts[record]) : 0);
    }

    private KafkaBatchContainer Part(int first, int end, int skipped)
    {
        var at = Counts.AsSpan(0, first).ToArray().Sum();
        var counts = Counts[first..end];
        var count = counts.Sum() - skipped;
        counts[0] -= skipped;
        var token = end == Offsets.Length ? Token : new KafkaSequenceToken(Token.Partition, Offsets[end - 1], KafkaSequenceToken.End);
        return new KafkaBatchContainer(StreamId, token, Offsets[first..end], counts, Events[(at + skipped)..(at + skipped + count)], first == 0 ? Skipped + skipped : skipped, Context);
    }

    private T Cast<T>(object value, long offset) => value is T typed
        ? typed
        : throw GridError.Invalid(
            $"stream {StreamId}",
            $"the event at offset {offset} is a {value.GetType().Name}, and the consumer takes {typeof(T).Name}.",
            "Subscribe with the type that is sent, or send to another stream.").ToException();
}
