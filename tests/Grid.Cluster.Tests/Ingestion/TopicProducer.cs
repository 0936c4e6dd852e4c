using System.Text;
using Confluent.Kafka;
using Grid.TestKit.Kafka;

namespace Grid.Cluster.Tests.Ingestion;

/// <summary>Writes records, each once and in order.</summary>
internal sealed class TopicProducer(MockKafkaCluster cluster) : IDisposable
{
    private readonly IProducer<byte[]?, byte[]?> _producer =
        new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = cluster.BootstrapServers, EnableIdempotence = true, LingerMs = 5 })
            .SetLogHandler(static (_, _) => { })
            .Build();

    public Task WriteAsync(string topic, int partition, string key, string value, long timeMs) =>
        _producer.ProduceAsync(
            new TopicPartition(topic, partition),
            new Message<byte[]?, byte[]?> { Key = Encoding.UTF8.GetBytes(key), Value = Encoding.UTF8.GetBytes(value), Timestamp = new Timestamp(timeMs, TimestampType.CreateTime) });

    public void Dispose() => _producer.Dispose();
}
