using System.Globalization;
using Confluent.Kafka;
using Grid.TestKit.Kafka;

namespace Grid.Streams.Kafka.Tests.Streams;

/// <summary>A receiver and its cache as the pulling agent drives them.</summary>
public sealed class ReceiverTests : IDisposable
{
    private const int Count = 1000;
    private const int Batch = 30;

    private readonly KafkaFixture _kafka = new();

    public void Dispose() => _kafka.Dispose();

    [Theory]
    [InlineData(100, 16 << 20, 100)]
    [InlineData(10_000, 1024, 100)]
    [InlineData(10, 16 << 20, 1)] // One batch alone is far beyond the bound, in more containers than the agent asks for.
    public async Task ConsumersThatAreBehind_StopTheReadingAtEitherBoundAndGetEverythingLater(int records, long bytes, int delivery)
    {
        var topic = _kafka.Topic();
        await _kafka.ProduceNumbersAsync(topic, 0, Count);
        await using var agent = new AgentWalk(_kafka, topic, o =>
        {
            (o.MaxCachedRecords, o.MaxCachedBytes, o.MaxDeliveryRecords) = (records, bytes, delivery);
            (o.Reader.MaxBatchRecords, o.Reader.MaxBufferedRecords) = (Batch, Batch);
        });
        await agent.Receiver.Initialize(TimeSpan.Zero);
        var stops = 0;
        long largest = 0;
        while (agent.Given < Count)
        {
            while (!agent.Cache.IsUnderPressure() && agent.Given < Count)
            {
                await agent.ReadAsync();
            }

            largest = Math.Max(largest, agent.Cache.Bytes);
            if (agent.Cache.IsUnderPressure())
            {
                Assert.False(await agent.ReadAsync());
                stops++;
            }

            agent.Deliver();
            agent.Purge();
        }

        // A record here has 2 bytes of key and at most 3 of value: one batch may reach beyond the bound.
        Assert.InRange(largest, 1, Math.Min(bytes, records * 5) + (Batch * 5));
        Assert.True(stops >= 3, $"The bound was met {stops} times.");
        agent.Deliver();
        agent.Purge();
        Assert.Equal((0, Count), (agent.Cache.Bytes, agent.Cache.Mark));
        for (var k = 0; k < 7; k++)
        {
            Assert.Equal(Enumerable.Range(0, Count).Where(i => i % 7 == k), agent.Taken[$"k{k}"]);
        }
    }

    [Fact]
    public async Task Outage_OfDeadLettersHoldsThePartitionUntilItEnds()
    {
        var topic = _kafka.Topic();
        var dead = _kafka.Topic();
        await _kafka.ProduceNumbersAsync(topic, 0, 5);
        await _kafka.ProduceAsync(topic, 0, [new() { Key = [1], Value = KafkaFixture.Utf8("poison") }]);
        await _kafka.ProduceNumbersAsync(topic, 6, 5);
        using var metrics = new MetricLog(topic);
        await using var agent = new AgentWalk(_kafka, topic, o => (o.DeadLetters, o.Reader.MaxBatchRecords) = (new DeadLetterOptions { Topic = dead, Timeout = TimeSpan.FromMilliseconds(200) }, 6));
        await agent.Receiver.Initialize(TimeSpan.Zero);
        _kafka.Cluster.FailNext(KafkaApi.Produce, ErrorCode.TopicAuthorizationFailed, ErrorCode.TopicAuthorizationFailed);

        var emptyReads = 0;
        while (agent.Taken.Values.Sum(t => t.Count) < 10)
        {
            emptyReads += await agent.ReadAsync() ? 0 : 1;
            agent.Deliver();
            agent.Purge();
            if (metrics.Sum("grid.kafka.dead_letters") == 0)
            {
                Assert.True(agent.Cache.Mark <= 5, $"The mark passed the poison without its dead letter: {agent.Cache.Mark.ToString(CultureInfo.InvariantCulture)}.");
            }
        }

        Assert.True(emptyReads >= 2);
        Assert.Equal(1, metrics.Sum("grid.kafka.dead_letters"));
        Assert.Equal(Enumerable.Range(0, 11).Where(i => i != 5), agent.Taken.Values.SelectMany(t => t).Order());
        Assert.Equal(11, agent.Cache.Mark);
    }
}
