using System.Text;
using Confluent.Kafka;
using Grid.Primitives;
using Grid.TestKit.Kafka;

namespace Grid.Streams.Kafka.Tests.Reading;

public sealed class PartitionReaderTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>
{
    [Fact]
    public async Task FromTheEarliest_AllRecordsComeInOrderOnceWithTheirOffsets()
    {
        var topic = kafka.Topic();
        await kafka.ProduceNumbersAsync(topic, 0, 2500);
        await using var reader = kafka.Reader(topic, o => o.MaxBatchRecords = 400);

        reader.Start(KafkaStart.Earliest);
        var records = await reader.RecordsAsync(2500);

        Assert.Equal(Enumerable.Range(0, 2500).Select(i => (long)i), records.Select(r => r.Offset));
        Assert.Equal(Enumerable.Range(0, 2500).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)), records.Select(r => Encoding.UTF8.GetString(r.Value.Span)));
        var status = await reader.UntilAsync(s => s.HighWatermark == 2500);
        Assert.Equal((0, 2500, 1), (status.LowWatermark, status.Next, status.Partitions));
        Assert.Equal(0, status.Lag);
    }

    [Fact]
    public async Task NullKeysEmptyValuesHeadersAndTimes_AreToldApart()
    {
        var topic = kafka.Topic();
        var time = new Timestamp(1_700_000_000_123, TimestampType.CreateTime);
        await kafka.ProduceAsync(topic, 0, [
            new() { Key = null, Value = [], Timestamp = time },
            new() { Key = [], Value = null, Timestamp = time, Headers = [new Header("a", [1]), new Header("a", [2]), new Header("n", null)] },
            new() { Key = [7], Value = new byte[100_000], Timestamp = time },
        ]);
        await using var reader = kafka.Reader(topic);

        reader.Start(KafkaStart.Earliest);
        var records = await reader.RecordsAsync(3);

        Assert.True(records[0].Key.IsNull);
        Assert.False(records[0].Value.IsNull);
        Assert.Equal(0, records[0].Value.Memory.Length);
        Assert.False(records[1].Key.IsNull);
        Assert.True(records[1].Value.IsNull);
        Assert.Equal(3, records[1].Headers.Length);
        Assert.True(records[1].TryGetHeader("a", out var last));
        Assert.Equal([2], last.ToArray());
        Assert.True(records[1].TryGetHeader("n", out var none));
        Assert.Equal(0, none.Length);
        Assert.False(records[1].TryGetHeader("b", out _));
        Assert.Equal(100_000, records[2].Value.Memory.Length);
        Assert.All(records, r => Assert.Equal((1_700_000_000_123, KafkaTimestampKind.CreateTime), (r.TimestampMs, r.TimestampKind)));
    }

    [Fact]
    public async Task FromAnOffsetOrTheEnd_NothingBeforeItComes()
    {
        var topic = kafka.Topic();
        await kafka.ProduceNumbersAsync(topic, 0, 10);
        await using var middle = kafka.Reader(topic);
        await using var end = kafka.Reader(topic);
        middle.Start(KafkaStart.At(7));
        end.Start(KafkaStart.Latest);
        await end.UntilAsync(s => s.State == KafkaReaderState.Reading);

        await kafka.ProduceNumbersAsync(topic, 10, 2);

        Assert.Equal([7, 8, 9, 10, 11], await middle.NumbersAsync(5));
        Assert.Equal([10, 11], await end.NumbersAsync(2));
    }

    [Fact]
    public async Task SeekingBack_DropsWhatWasReadAheadAndGoesOnFromThere()
    {
        var topic = kafka.Topic();
        await kafka.ProduceNumbersAsync(topic, 0, 1000);
        await using var reader = kafka.Reader(topic, o => o.MaxBatchRecords = 50);
        reader.Start(KafkaStart.Earliest);
        await reader.NumbersAsync(500);

        reader.Seek(KafkaStart.At(3));

        Assert.Equal(Enumerable.Range(3, 997), await reader.NumbersAsync(997));
        reader.Seek(KafkaStart.Earliest);
        Assert.Equal(0, (await reader.NumbersAsync(1))[0]);
    }

    [Fact]
    public async Task PausedReader_GoesOnWhereItStoodWhenResumed()
    {
        var topic = kafka.Topic();
        await kafka.ProduceNumbersAsync(topic, 0, 10);
        await using var reader = kafka.Reader(topic);
        reader.Start(KafkaStart.Earliest);
        Assert.Equal(Enumerable.Range(0, 10), await reader.NumbersAsync(10));

        reader.Pause();
        await reader.UntilAsync(s => s.State == KafkaReaderState.Paused);
        await kafka.ProduceNumbersAsync(topic, 10, 10);
        Assert.False(reader.TryRead(out _));
        reader.Resume();

        Assert.Equal(Enumerable.Range(10, 10), await reader.NumbersAsync(10));
    }

    [Fact]
    public async Task SlowCaller_WhatIsReadAheadStaysWithinBothBoundsAndNothingIsLost()
    {
        var topic = kafka.Topic();
        await kafka.ProduceNumbersAsync(topic, 0, 4000, padding: 500);
        await using var byCount = kafka.Reader(topic, o => (o.MaxBatchRecords, o.MaxBufferedRecords) = (100, 300));
        await using var byBytes = kafka.Reader(topic, o => (o.MaxBatchBytes, o.MaxBufferedBytes) = (8 * 1024, 64 * 1024));

        foreach (var reader in (KafkaPartitionReader[])[byCount, byBytes])
        {
            var peakRecords = 0;
            var peakBytes = 0L;
            reader.Start(KafkaStart.Earliest);
            await reader.UntilAsync(s => ReferenceEquals(reader, byCount) ? s.BufferedRecords >= 300 : s.BufferedBytes >= 64 * 1024);
            var numbers = new List<int>();
            while (numbers.Count < 4000)
            {
                var status = reader.Status;
                peakRecords = Math.Max(peakRecords, status.BufferedRecords);
                peakBytes = Math.Max(peakBytes, status.BufferedBytes);
                numbers.AddRange(await reader.NumbersAsync(1));
            }

            Assert.Equal(Enumerable.Range(0, 4000), numbers);
            Assert.InRange(ReferenceEquals(reader, byCount) ? peakRecords : peakBytes, 1, ReferenceEquals(reader, byCount) ? 301 : (64 * 1024) + 600);
        }
    }

    [Fact]
    public async Task BatchWait_GathersRecordsUntilTheBatchIsFull()
    {
        var topic = kafka.Topic();
        await using var reader = kafka.Reader(topic, o => (o.MaxBatchRecords, o.MaxBatchWait) = (20, TimeSpan.FromSeconds(10)));
        reader.Start(KafkaStart.Earliest);
        using var deadline = KafkaFixture.Deadline();
        var read = reader.ReadAsync(deadline.Token);

        for (var i = 0; i < 20; i++)
        {
            await kafka.ProduceNumbersAsync(topic, i, 1);
        }

        Assert.Equal(20, (await read).Records.Length);
    }

    [Fact]
    public async Task CancelledRead_LosesNothing()
    {
        var topic = kafka.Topic();
        await using var reader = kafka.Reader(topic);
        reader.Start(KafkaStart.Earliest);
        using var cancelled = new CancellationTokenSource();
        var read = reader.ReadAsync(cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);

        await kafka.ProduceNumbersAsync(topic, 0, 3);

        Assert.Equal([0, 1, 2], await reader.NumbersAsync(3));
    }

    [Theory]
    [InlineData(2, 10, 12)]
    [InlineData(13, 10, 12)]
    public async Task StartOutsideTheBrokersRange_IsAConditionWithTheNumbersUntilTheCallerSeeks(long start, long low, long high)
    {
        var topic = kafka.Topic();
        await kafka.ProduceNumbersAsync(topic, 0, 12);
        kafka.Cluster.DeleteRecords(topic, 0, 10);
        await using var reader = kafka.Reader(topic);

        reader.Start(KafkaStart.At(start));
        var condition = await reader.ConditionAsync();

        Assert.Equal(KafkaConditionKind.OutOfRange, condition.Kind);
        Assert.Equal((start, low, high), (condition.Requested, condition.LowWatermark, condition.HighWatermark));
        Assert.Equal(topic + "#0", condition.Error.Target);
        Assert.Equal(KafkaReaderState.Stopped, reader.Status.State);
        Assert.Equal(condition, await reader.ConditionAsync());
        reader.Seek(KafkaStart.Earliest);
        Assert.Equal([10, 11], await reader.NumbersAsync(2));
    }

    [Fact]
    public async Task RecordsDeletedUnderTheReader_AreACondition()
    {
        var topic = kafka.Topic();
        await kafka.ProduceNumbersAsync(topic, 0, 100);
        await using var reader = kafka.Reader(topic);
        reader.Start(KafkaStart.Earliest);
        await reader.NumbersAsync(100);
        reader.Pause();
        await reader.UntilAsync(s => s.State == KafkaReaderState.Paused);
        await kafka.ProduceNumbersAsync(topic, 100, 20);
        kafka.Cluster.DeleteRecords(topic, 0, 110);

        reader.Resume();
        var condition = await reader.ConditionAsync();

        Assert.Equal((KafkaConditionKind.OutOfRange, 100, 110), (condition.Kind, condition.Requested, condition.LowWatermark));
    }

    [Fact]
    public async Task CommittedHint_IsWhereTheNextReaderOfTheGroupBegins()
    {
        var topic = kafka.Topic();
        await kafka.ProduceNumbersAsync(topic, 0, 10);
        await using (var first = kafka.Reader(topic))
        {
            first.Start(KafkaStart.Committed());
            Assert.Equal(0, (await first.NumbersAsync(10))[0]);
            first.CommitHint(4);
            using var deadline = KafkaFixture.Deadline();
            Assert.Null(await first.FlushHintAsync(deadline.Token));
            first.CommitHint(6);
        }

        await using var second = kafka.Reader(topic);
        second.Start(KafkaStart.Committed());

        Assert.Equal(6, (await second.NumbersAsync(1))[0]);
    }

    [Fact]
    public async Task HintWithoutFlush_IsCommittedInTheBackground()
    {
        var topic = kafka.Topic();
        await kafka.ProduceNumbersAsync(topic, 0, 10);
        await using var first = kafka.Reader(topic);
        first.Start(KafkaStart.Earliest);
        await first.NumbersAsync(10);
        first.CommitHint(8);
        using var deadline = KafkaFixture.Deadline();

        while (true)
        {
            await using var second = kafka.Reader(topic, o => o.CommitsHints = false);
            second.Start(KafkaStart.Committed());
            if ((await second.NumbersAsync(1))[0] == 8)
            {
                return;
            }

            deadline.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task TopicThatAppearsLater_IsReportedAndThenRead()
    {
        var topic = "late-" + Guid.NewGuid().ToString("n");
        kafka.Cluster.CreateTopic(topic, 1);
        await using var reader = kafka.Reader(topic, partition: 2);
        reader.Start(KafkaStart.Earliest);

        var status = await reader.UntilAsync(s => s.LastError is not null);

        Assert.Equal((KafkaReaderState.Connecting, 1), (status.State, Math.Max(1, status.Partitions)));
        Assert.Equal(GridErrorCode.Unavailable, status.LastError!.Code);
        Assert.Contains("has 1 partitions", status.LastError.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PropertyThatLibrdkafkaDoesNotKnow_IsAConditionThatNamesIt()
    {
        var clients = new KafkaClientFactory(new KafkaConnectionOptions { BootstrapServers = kafka.Cluster.BootstrapServers, Properties = { ["no.such.property"] = "1" } });
        await using var reader = kafka.Reader(kafka.Topic(), clients: clients);

        reader.Start(KafkaStart.Earliest);
        var condition = await reader.ConditionAsync();

        Assert.Equal(KafkaConditionKind.Configuration, condition.Kind);
        Assert.Contains("no.such.property", condition.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClosedReader_EndsTheWaitingRead()
    {
        var reader = kafka.Reader(kafka.Topic());
        reader.Start(KafkaStart.Earliest);
        var read = reader.ReadAsync(CancellationToken.None).AsTask();

        await reader.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => read.WaitAsync(KafkaFixture.Patience));
        Assert.Equal(KafkaReaderState.Closed, reader.Status.State);
        await reader.DisposeAsync();
    }
}
