using System.Text;
using Orleans.Runtime;

namespace Grid.Streams.Kafka;

/// <summary>Groups the records of one read by stream, in order, into containers. Reused from read to read; for the agent's turns alone.</summary>
internal sealed class DeliveryGroups(string topic, int partition, int maxRecords, bool isReplay = false)
{
    private readonly byte[] _namespace = Encoding.UTF8.GetBytes(topic);
    private readonly Dictionary<StreamId, Group> _open = [];
    private readonly List<CachedDelivery> _done = [];

    public StreamId StreamOf(ReadOnlyMemory<byte> key) => StreamId.Create(_namespace, key.Span);

    public void Add(in KafkaRecord record, in KafkaStreamRecord parsed)
    {
        var stream = StreamOf(parsed.Key);
        if (!_open.TryGetValue(stream, out var group))
        {
            group = new Group();
            _open.Add(stream, group);
        }

        // A request context belongs to its record alone: it travels with the call.
        if (parsed.Context is not null || group.Context is not null || group.Records.Count == maxRecords)
        {
            Close(stream, group);
        }

        group.Records.Add(record);
        group.Counts.Add(parsed.Events.Count);
        group.Events.AddRange(parsed.Events);
        group.Context = parsed.Context;
    }

    /// <summary>The containers, by their first records.</summary>
    public List<CachedDelivery> Take()
    {
        foreach (var (stream, group) in _open)
        {
            Close(stream, group);
        }

        _open.Clear();
        List<CachedDelivery> taken = [.. _done];
        _done.Clear();
        taken.Sort(static (a, b) => a.First.CompareTo(b.First));
        return taken;
    }

    private void Close(StreamId stream, Group group)
    {
        if (group.Records.Count == 0)
        {
            return;
        }

        KafkaRecord[] records = [.. group.Records];
        var container = new KafkaBatchContainer(
            stream,
            new KafkaSequenceToken(partition, records[^1].Offset, KafkaSequenceToken.End),
            Array.ConvertAll(records, static r => r.Offset),
            [.. group.Counts],
            [.. group.Events],
            0,
            group.Context);
        _done.Add(new CachedDelivery(container, records, isReplay));
        group.Records.Clear();
        group.Counts.Clear();
        group.Events.Clear();
        group.Context = null;
    }

    private sealed class Group
    {
        public List<KafkaRecord> Records { get; } = [];

        public List<int> Counts { get; } = [];

        public List<object> Events { get; } = [];

        public Dictionary<string, object>? Context { get; set; }
    }
}
