using System.Text;
using Confluent.Kafka;
using Grid.TestKit.Kafka;

namespace Grid.Streams.Kafka.Tests;

/// <summary>One mock cluster for a test class, with a producer; each test takes a topic of its own.</summary>
public sealed class KafkaFixture : IDisposable
{
    private readonly Lazy<IProducer<byte[]?, byte[]?>> _producer;
    // One count for all: the meters of a process tell topics apart by name alone.
    private static int s_topics;

    public KafkaFixture()
    {
        Clients = Factory(Cluster);
        _producer = new Lazy<IProducer<byte[]?, byte[]?>>(() => Clients.CreateProducer(new ProducerConfig { Acks = Acks.All, EnableIdempotence = true, LingerMs = 0 }, b => b.SetLogHandler((_, _) => { })));
    }

    public MockKafkaCluster Cluster { get; } = new();

    public IKafkaClientFactory Clients { get; }

    /// <summary>Generous: a test that waits longer is broken, a machine that is busy is not.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Quick to find out that brokers are away and back, as the tests do not wait for minutes.</summary>
    public static KafkaConnectionOptions Connection(MockKafkaCluster cluster) => new()
    {
        BootstrapServers = cluster.BootstrapServers,
        Properties = { ["reconnect.backoff.ms"] = "20", ["reconnect.backoff.max.ms"] = "200", ["log_level"] = "0", ["fetch.error.backoff.ms"] = "20", ["retry.backoff.ms"] = "20", ["retry.backoff.max.ms"] = "200" },
    };

    public static IKafkaClientFactory Factory(MockKafkaCluster cluster) => new KafkaClientFactory(Connection(cluster));

    public static CancellationTokenSource Deadline() => new(Patience);

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public string Topic(int partitions = 1, string prefix = "t")
    {
        var topic = $"{prefix}-{Interlocked.Increment(ref s_topics)}";
        Cluster.CreateTopic(topic, partitions);
        return topic;
    }

    public async Task ProduceAsync(string topic, int partition, IEnumerable<Message<byte[]?, byte[]?>> messages)
    {
        var sent = messages.Select(m => _producer.Value.ProduceAsync(new TopicPartition(topic, partition), m)).ToList();
        await Task.WhenAll(sent).WaitAsync(Patience);
    }

    /// <summary>Records whose values are the numbers from <paramref name="from"/> on, as text.</summary>
    public Task ProduceNumbersAsync(string topic, int from, int count, int partition = 0, int padding = 0) =>
        ProduceAsync(topic, partition, Enumerable.Range(from, count).Select(i => new Message<byte[]?, byte[]?> { Key = Utf8("k" + (i % 7)), Value = Utf8(i + (padding > 0 ? " " + new string('x', padding) : "")) }));

    public Task ProduceAsync(string topic, params ReadOnlySpan<string?> values)
    {
        var messages = new List<Message<byte[]?, byte[]?>>();
        foreach (var value in values)
        {
            messages.Add(new Message<byte[]?, byte[]?> { Value = value is null ? null : Utf8(value) });
        }

        return ProduceAsync(topic, 0, messages);
    }

    public KafkaPartitionReader Reader(string topic, Action<KafkaReaderOptions>? configure = null, int partition = 0, KafkaInstruments? instruments = null, IKafkaClientFactory? clients = null)
    {
        var options = new KafkaReaderOptions { MinBackoff = TimeSpan.FromMilliseconds(20), MaxBackoff = TimeSpan.FromMilliseconds(200), CommitInterval = TimeSpan.FromMilliseconds(50), GroupId = "g-" + topic };
        configure?.Invoke(options);
        return new KafkaPartitionReader(clients ?? Clients, topic, partition, options, instruments);
    }

    public void Dispose()
    {
        if (_producer.IsValueCreated)
        {
            _producer.Value.Dispose();
        }

        Cluster.Dispose();
    }
}
