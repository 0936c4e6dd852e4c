using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Grid.TestKit.Kafka;

namespace Grid.Cluster.Tests.Topics;

/// <summary>Reads a topic from its beginning.</summary>
internal sealed class TopicReader : IDisposable
{
    /// <summary>Generous: a test that waits longer is broken, a machine that is busy is not.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly IConsumer<string, byte[]> _consumer;
    private readonly List<TopicRead> _read = [];

    public TopicReader(MockKafkaCluster cluster, string topic, int partitions)
    {
        _consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig { BootstrapServers = cluster.BootstrapServers, GroupId = "reader", EnableAutoCommit = false, ReconnectBackoffMaxMs = 200 })
            .SetLogHandler(static (_, _) => { })
            .SetErrorHandler(static (_, _) => { })
            .Build();
        _consumer.Assign(Enumerable.Range(0, partitions).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning)));
    }

    /// <summary>All that was read, once it is enough.</summary>
    public Task<IReadOnlyList<TopicRead>> UntilAsync(Func<IReadOnlyList<TopicRead>, bool> isEnough) => Task.Run<IReadOnlyList<TopicRead>>(() =>
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!isEnough(_read))
        {
            var record = _consumer.Consume(deadline.Token);
            _read.Add(new TopicRead(
                record.Partition.Value,
                record.Message.Key,
                JsonDocument.Parse(record.Message.Value).RootElement,
                record.Message.Headers.ToDictionary(static h => h.Key, static h => Encoding.UTF8.GetString(h.GetValueBytes()))));
        }

        return [.. _read];
    });

    public void Dispose() => _consumer.Dispose();
}
