using Confluent.Kafka;
using Grid.TestKit.Kafka;

namespace Grid.Streams.Kafka.Tests.Reading;

/// <summary>Brokers that fail: a cluster of their own for each test, as errors meet whichever client asks first.</summary>
public sealed class ReaderFaultTests : IDisposable
{
    private readonly KafkaFixture _kafka = new();

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task BrokersAwayAtTheStart_StartReturnsAndRecordsComeOnceTheyAreThere()
    {
        var topic = _kafka.Topic();
        await _kafka.ProduceNumbersAsync(topic, 0, 5);
        _kafka.Cluster.Down();
        await using var reader = _kafka.Reader(topic, o => o.RequestTimeout = TimeSpan.FromMilliseconds(300));

        reader.Start(KafkaStart.Earliest);
        var status = await reader.UntilAsync(s => s.LastError is not null);
        Assert.Equal(KafkaReaderState.Connecting, status.State);
        _kafka.Cluster.Up();

        Assert.Equal([0, 1, 2, 3, 4], await reader.NumbersAsync(5));
        await reader.UntilAsync(s => s.State == KafkaReaderState.Reading);
    }

    [Fact]
    public async Task BrokersAwayInBetween_IsReportedAndNothingIsLostOrRepeated()
    {
        var topic = _kafka.Topic();
        var instruments = new KafkaInstruments();
        using var metrics = new MetricLog(topic);
        await using var reader = _kafka.Reader(topic, o => o.RequestTimeout = TimeSpan.FromMilliseconds(300), instruments: instruments);
        reader.Start(KafkaStart.Earliest);
        await _kafka.ProduceNumbersAsync(topic, 0, 100);
        Assert.Equal(Enumerable.Range(0, 100), await reader.NumbersAsync(100));

        for (var round = 1; round <= 2; round++)
        {
            _kafka.Cluster.Down();
            await reader.UntilAsync(s => s.State == KafkaReaderState.Disconnected);
            _kafka.Cluster.Up();
            await _kafka.ProduceNumbersAsync(topic, round * 100, 100);
            Assert.Equal(Enumerable.Range(round * 100, 100), await reader.NumbersAsync(100));
            await reader.UntilAsync(s => s.State == KafkaReaderState.Reading && s.Reconnects >= round);
        }

        Assert.Equal(reader.Status.Reconnects, metrics.Sum("grid.kafka.reconnects"));
        Assert.True(metrics.Sum("grid.kafka.poll.errors") > 0);
    }

    [Fact]
    public async Task ErrorsOnEveryKindOfRequest_OrderAndCompletenessStay()
    {
        var topic = _kafka.Topic();
        await _kafka.ProduceNumbersAsync(topic, 0, 1000);
        _kafka.Cluster.FailNext(KafkaApi.Metadata, ErrorCode.LeaderNotAvailable, ErrorCode.Local_Transport);
        _kafka.Cluster.FailNext(KafkaApi.ListOffsets, ErrorCode.NotLeaderForPartition, ErrorCode.Local_Transport, ErrorCode.UnknownTopicOrPart);
        _kafka.Cluster.FailNext(KafkaApi.Fetch, ErrorCode.NotLeaderForPartition, ErrorCode.Local_Transport, ErrorCode.RequestTimedOut, ErrorCode.UnknownTopicOrPart, ErrorCode.Unknown, ErrorCode.TopicAuthorizationFailed);
        await using var reader = _kafka.Reader(topic, o => o.MaxBatchRecords = 100);

        reader.Start(KafkaStart.Earliest);
        var numbers = await reader.NumbersAsync(500);
        _kafka.Cluster.FailNext(KafkaApi.Fetch, ErrorCode.LeaderNotAvailable, ErrorCode.Local_Transport);
        await _kafka.ProduceNumbersAsync(topic, 1000, 500);
        numbers.AddRange(await reader.NumbersAsync(1500 - numbers.Count));

        Assert.Equal(Enumerable.Range(0, 1500), numbers);
    }

    [Fact]
    public async Task LeaderMoves_ReadingGoesOn()
    {
        var topic = _kafka.Topic();
        _kafka.Cluster.SetLeader(topic, 0, 1);
        await using var reader = _kafka.Reader(topic);
        reader.Start(KafkaStart.Earliest);
        var numbers = new List<int>();

        for (var broker = 1; broker <= 3; broker++)
        {
            _kafka.Cluster.SetLeader(topic, 0, broker);
            await _kafka.ProduceNumbersAsync(topic, (broker - 1) * 50, 50);
            numbers.AddRange(await reader.NumbersAsync(50));
        }

        Assert.Equal(Enumerable.Range(0, 150), numbers);
    }

    [Fact]
    public async Task RefusedCommit_IsReportedAndTheNextOneCarriesIt()
    {
        var topic = _kafka.Topic();
        await _kafka.ProduceNumbersAsync(topic, 0, 10);
        await using (var reader = _kafka.Reader(topic, o => o.CommitInterval = TimeSpan.FromHours(1)))
        {
            reader.Start(KafkaStart.Earliest);
            await reader.NumbersAsync(10);
            reader.CommitHint(5);
            _kafka.Cluster.FailNext(KafkaApi.OffsetCommit, ErrorCode.GroupAuthorizationFailed);
            using var deadline = KafkaFixture.Deadline();
            var error = await reader.FlushHintAsync(deadline.Token);
            Assert.NotNull(error);
            Assert.Contains("GroupAuthorizationFailed", error.Message, StringComparison.Ordinal);
            Assert.Null(await reader.FlushHintAsync(deadline.Token));
        }

        await using var next = _kafka.Reader(topic);
        next.Start(KafkaStart.Committed());
        Assert.Equal(5, (await next.NumbersAsync(1))[0]);
    }

    [Fact]
    public async Task ClosingWhileTheBrokersAreAway_DoesNotWaitForThem()
    {
        var topic = _kafka.Topic();
        await _kafka.ProduceNumbersAsync(topic, 0, 10);
        var reader = _kafka.Reader(topic, o => (o.CloseTimeout, o.RequestTimeout) = (TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(300)));
        reader.Start(KafkaStart.Earliest);
        await reader.NumbersAsync(10);
        reader.CommitHint(3);
        _kafka.Cluster.Down();

        await reader.DisposeAsync().AsTask().WaitAsync(KafkaFixture.Patience);

        Assert.Equal(KafkaReaderState.Closed, reader.Status.State);
    }
}
