using Confluent.Kafka;
using Grid.Chaos.Workload;

namespace Grid.Chaos.Checking;

/// <summary>Reads a whole topic: what the brokers have is the truth, whatever the producer believes.</summary>
internal static class TopicReader
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <returns>The records of each partition, from offset 0 without a gap.</returns>
    public static async Task<TopicRecord[][]> ReadAsync(string bootstrapServers)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = "checker", EnableAutoCommit = false, AutoOffsetReset = AutoOffsetReset.Error })
            .SetLogHandler(static (_, _) => { })
            .Build();
        var partitions = new TopicRecord[ChaosViews.Partitions][];
        for (var p = 0; p < partitions.Length; p++)
        {
            var partition = new TopicPartition(ChaosViews.Topic, p);
            partitions[p] = await Task.Run(() => Read(consumer, partition));
        }

        return partitions;
    }

    private static TopicRecord[] Read(IConsumer<byte[], byte[]> consumer, TopicPartition partition)
    {
        var watermarks = consumer.QueryWatermarkOffsets(partition, Limit);
        if (watermarks.Low.Value != 0)
        {
            throw new InvalidOperationException($"Partition {partition.Partition.Value} begins at {watermarks.Low.Value}: the mock brokers have dropped records. Send fewer.");
        }

        var records = new TopicRecord[watermarks.High.Value];
        consumer.Assign(new TopicPartitionOffset(partition, 0));
        for (var i = 0; i < records.Length; i++)
        {
            var result = consumer.Consume(Limit) ?? throw new TimeoutException($"Partition {partition.Partition.Value} has {records.Length} records and gives {i}.");
            if (result.Offset.Value != i)
            {
                throw new InvalidOperationException($"Partition {partition.Partition.Value} gives offset {result.Offset.Value} where {i} is due.");
            }

            records[i] = new TopicRecord(partition.Partition.Value, i, result.Message.Key, result.Message.Value, result.Message.Timestamp.UnixTimestampMs);
        }

        consumer.Unassign();
        return records;
    }
}
