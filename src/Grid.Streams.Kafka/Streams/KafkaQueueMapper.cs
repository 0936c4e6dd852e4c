using System.Globalization;
using System.Text;
using Grid.Primitives;
using Orleans.Runtime;
using Orleans.Streams;

namespace Grid.Streams.Kafka;

/// <summary>Queues are partitions of the declared topics; a stream's queue is the partition that Kafka's partitioner gives its key. Immutable.</summary>
internal sealed class KafkaQueueMapper : IConsistentRingStreamQueueMapper
{
    private readonly Dictionary<string, (KafkaTopicOptions Options, QueueId[] Queues)> _topics = new(StringComparer.Ordinal);
    private readonly Dictionary<QueueId, (KafkaTopicOptions Topic, int Partition)> _queues = [];

    public KafkaQueueMapper(IEnumerable<KafkaTopicOptions> topics)
    {
        foreach (var topic in topics)
        {
            var queues = new QueueId[topic.Partitions];
            for (var i = 0; i < queues.Length; i++)
            {
                // The hash places the queue on the balancer's ring.
                var hash = KafkaPartitioner.Hash(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{topic.Name}#{i}")));
                queues[i] = QueueId.GetQueueId(topic.Name, (uint)i, hash);
                _queues.Add(queues[i], (topic, i));
            }

            _topics.Add(topic.Name, (topic, queues));
        }
    }

    public IEnumerable<QueueId> GetAllQueues() => _queues.Keys;

    public IEnumerable<QueueId> GetQueuesForRange(IRingRange range) => _queues.Keys.Where(q => range.InRange(q.GetUniformHashCode()));

    public QueueId GetQueueForStream(StreamId streamId)
    {
        var (topic, partition) = Find(streamId);
        return _topics[topic.Name].Queues[partition];
    }

    /// <summary>The topic and the partition of a stream.</summary>
    /// <exception cref="GridException">The stream's namespace is no declared topic.</exception>
    public (KafkaTopicOptions Topic, int Partition) Find(StreamId streamId)
    {
        var name = streamId.GetNamespace() ?? "";
        return _topics.TryGetValue(name, out var topic)
            ? (topic.Options, KafkaPartitioner.PartitionOf(streamId.Key.Span, topic.Options.Partitions))
            : throw GridError.NotFound($"stream namespace '{name}'", "is no topic of the provider.", $"Use one of: {string.Join(", ", _topics.Keys)}; or declare the topic.").ToException();
    }

    public (KafkaTopicOptions Topic, int Partition) Find(QueueId queue) => _queues[queue];
}
