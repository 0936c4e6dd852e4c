using System.Text;
using Confluent.Kafka;

namespace Grid.Chaos.Workload;

/// <summary>Writes records, each partition's in order, through whatever the brokers do.</summary>
internal sealed class StreamProducer : IDisposable
{
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly List<Task> _sent = [];

    public StreamProducer(string bootstrapServers) =>
        _producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            EnableIdempotence = true,
            LingerMs = 2,
            MessageTimeoutMs = 120_000,
            RetryBackoffMs = 20,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 500,
        })
            .SetLogHandler(static (_, _) => { })
            .Build();

    /// <summary>Records that have been handed over.</summary>
    public int Count => _sent.Count;

    public void Send(StreamRecord record) =>
        _sent.Add(_producer.ProduceAsync(
            new TopicPartition(ChaosViews.Topic, record.Partition),
            new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(record.Key), Value = Encoding.UTF8.GetBytes(record.Value), Timestamp = new Timestamp(record.ArrivalMs, TimestampType.CreateTime) }));

    /// <summary>Waits until all of them are acknowledged.</summary>
    public Task FlushAsync() => Task.WhenAll(_sent);

    public void Dispose() => _producer.Dispose();
}
