using System.Text;
using Orleans.Runtime;

namespace Grid.Streams.Kafka.Tests.Streams;

public sealed class PartitionerTests
{
    /// <summary>Values of the Java client's murmur2, as its own tests state them.</summary>
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void Hash_IsThatOfTheJavaClients(string key, int hash) => Assert.Equal(hash, unchecked((int)KafkaPartitioner.Hash(Encoding.UTF8.GetBytes(key))));

    [Fact]
    public void Streams_GoToTheQueueOfTheirKeysPartitionAndEachQueueIsFoundOnTheRing()
    {
        var mapper = new KafkaQueueMapper([new KafkaTopicOptions { Name = "a", Partitions = 7 }, new KafkaTopicOptions { Name = "b", Partitions = 3 }]);
        var queues = mapper.GetAllQueues().ToList();
        Assert.Equal(10, queues.Distinct().Count());
        Assert.Equal(10, queues.Select(mapper.Find).Select(f => (f.Topic.Name, f.Partition)).Distinct().Count());
        for (var i = 0; i < 200; i++)
        {
            var stream = StreamId.Create("a", $"key-{i}");
            var (topic, partition) = mapper.Find(mapper.GetQueueForStream(stream));
            Assert.Equal(("a", KafkaPartitioner.PartitionOf(stream.Key.Span, 7)), (topic.Name, partition));
        }
    }
}
