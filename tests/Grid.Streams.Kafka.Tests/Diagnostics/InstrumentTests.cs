using Grid.Streams.Kafka.Tests.Reading;
using Grid.Streams.Kafka.Tests.Streams;

namespace Grid.Streams.Kafka.Tests;

public sealed class InstrumentTests : IDisposable
{
    private readonly KafkaFixture _kafka = new();

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task Instruments_HaveTheirNamesUnitsTagsAndTellWhatHappens()
    {
        var topic = _kafka.Topic();
        await _kafka.ProduceNumbersAsync(topic, 0, 200);
        await _kafka.ProduceAsync(topic, "poison");
        using var metrics = new MetricLog(topic);
        var instruments = new KafkaInstruments();
        await using (var agent = new AgentWalk(
            _kafka,
            topic,
            o =>
            {
                o.DeadLetters = new DeadLetterOptions { Topic = _kafka.Topic() };
                (o.Reader.MaxBatchRecords, o.Reader.MaxBufferedRecords) = (50, 50);
            },
            instruments))
        {
            await agent.Receiver.Initialize(TimeSpan.Zero);
            while (agent.Given < 50)
            {
                await agent.ReadAsync();
            }

            Assert.True(metrics.Now("grid.kafka.cache.bytes") > 0);
            while (metrics.Sum("grid.kafka.dead_letters") < 1)
            {
                await agent.ReadAsync();
                agent.Deliver();
                agent.Purge();
            }

            Assert.Equal(201, metrics.Sum("grid.kafka.records"));
            Assert.True(metrics.Sum("grid.kafka.read.bytes") >= 201 * 3);
            Assert.Equal(1, metrics.Sum("grid.kafka.dead_letters"));
            Assert.Equal(0, metrics.Now("grid.kafka.lag"));
            Assert.Equal(0, metrics.Now("grid.kafka.cache.bytes"));
        }

        // A reader that is not asked has a lag; one that loses its brokers says so.
        await using (var reader = _kafka.Reader(topic, o => (o.MaxBatchRecords, o.MaxBufferedRecords, o.RequestTimeout) = (50, 50, TimeSpan.FromMilliseconds(300)), instruments: instruments))
        {
            reader.Start(KafkaStart.Earliest);
            await reader.UntilAsync(s => s.BufferedRecords >= 50 && s.HighWatermark >= 201);
            Assert.InRange(metrics.Now("grid.kafka.lag"), 1, 201);
            _kafka.Cluster.Down();
            await reader.UntilAsync(s => s.State == KafkaReaderState.Disconnected);
            _kafka.Cluster.Up();
            await reader.UntilAsync(s => s.Reconnects > 0);
        }

        Assert.Equal(
            [
                "grid.kafka.cache.bytes By partition,topic",
                "grid.kafka.dead_letters {record} partition,reason,topic",
                "grid.kafka.lag {record} partition,topic",
                "grid.kafka.poll.errors {error} code,partition,topic",
                "grid.kafka.read.bytes By partition,topic",
                "grid.kafka.reconnects {reconnect} partition,topic",
                "grid.kafka.records {record} partition,topic",
            ],
            metrics.Shapes());
    }
}
