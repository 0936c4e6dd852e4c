using Grid.Abstractions;
using Grid.Client.Sources;
using Grid.Primitives;

namespace Grid.Client.Tests;

public sealed class SourcePartitionWriterTests
{
    private readonly MemoryShard _shard = new();
    private readonly PromptTime _time = new();
    private readonly EventBatchBuilder _builder = new();

    [Fact]
    public async Task Writes_ArriveOnceAndInOrder()
    {
        var writer = await OpenAsync();
        await WriteAsync(writer, 0, 4);
        await WriteAsync(writer, 5, 9);
        await writer.FlushAsync(CancellationToken.None);

        Assert.Equal(Positions(0, 9), _shard.Applied);
        Assert.Equal((9, 9, 0), (writer.Written, writer.Durable, writer.Rewinds));
    }

    [Fact]
    public async Task AShardThatLostWhatWasNotDurable_GetsItAgain()
    {
        var writer = await OpenAsync();
        await WriteAsync(writer, 0, 4);
        _shard.Commit();
        await WriteAsync(writer, 5, 9);
        _shard.Crash();
        await WriteAsync(writer, 10, 14);

        Assert.Equal(Positions(0, 14), _shard.Applied);
        Assert.True(writer.Rewinds > 0);
    }

    [Fact]
    public async Task ACrashAfterTheLastWrite_IsFoundByTheFlush()
    {
        var writer = await OpenAsync();
        await WriteAsync(writer, 0, 9);
        _shard.Crash();
        await writer.FlushAsync(CancellationToken.None);

        Assert.Equal(Positions(0, 9), _shard.Applied);
        Assert.Equal(9, writer.Durable);
    }

    [Fact]
    public async Task ARefusal_IsWaitedOutAsLongAsItSays()
    {
        var refusals = 2;
        _shard.OnDelivery = _ => refusals-- > 0
            ? new DeliveryAnswer(DeliveryStatus.Refused, -1, -1, GridError.Overloaded("shard", "is full.", "Wait.", retryAfterMs: 250))
            : null;
        var writer = await OpenAsync();
        await WriteAsync(writer, 0, 4);

        Assert.Equal(Positions(0, 4), _shard.Applied);
        Assert.Equal([TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(250)], _time.Waits);
    }

    [Fact]
    public async Task AnAnswerThatNamesNoWait_IsWaitedOutByTheWritersOwn()
    {
        var failures = 1;
        _shard.OnDelivery = _ => failures-- > 0 ? throw GridError.Unavailable("silo", "cannot be reached.", "Start it.", retryAfterMs: 0).ToException() : null;
        var writer = await OpenAsync();
        await WriteAsync(writer, 0, 4);

        Assert.Equal([TimeSpan.FromMilliseconds(SourceWriterOptions.Default.RetryMs)], _time.Waits);
        Assert.Equal(Positions(0, 4), _shard.Applied);
    }

    [Fact]
    public async Task AnUnknownOutcomeThatWasApplied_IsNotSentAgain()
    {
        var writer = await OpenAsync();
        _shard.OnDelivery = delivery =>
        {
            // Applied, and then the answer is lost.
            _shard.Take(delivery);
            throw new GridError(GridErrorCode.DeadlineExceeded, "silo", "did not answer.").ToException();
        };
        await WriteAsync(writer, 0, 4);

        Assert.Equal(Positions(0, 4), _shard.Applied);
        Assert.Equal(1, _shard.Deliveries);
    }

    [Fact]
    public async Task AShardThatLostWhatItCalledDurable_IsNamed_NotPapered()
    {
        var writer = await OpenAsync();
        await WriteAsync(writer, 0, 9);
        await writer.FlushAsync(CancellationToken.None);
        _shard.Restore(mark: 4);

        var error = await Assert.ThrowsAsync<GridException>(() => WriteAsync(writer, 10, 14));
        Assert.Equal(GridErrorCode.Corrupt, error.Code);
        Assert.Contains("4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWriterThatLagsBehind_SendsWhatTheShardHasAgain_AndTheShardSkipsIt()
    {
        var writer = await OpenAsync(new SourceWriterOptions { ResendBehind = 2 });
        for (var start = 0; start < 20; start += 5)
        {
            await WriteAsync(writer, start, start + 4);
            _shard.Commit();
        }

        _shard.OnDelivery = _ =>
        {
            _shard.OnDelivery = static _ => null;
            throw GridError.Unavailable("silo", "is away.", null, retryAfterMs: 10).ToException();
        };
        await WriteAsync(writer, 20, 24);

        // Four, the one that failed, then two behind and the failed one again.
        Assert.Equal(8, _shard.Deliveries);
        Assert.Equal(Positions(0, 24), _shard.Applied);
        await writer.FlushAsync(CancellationToken.None);
        Assert.Equal(24, writer.Durable);
    }

    [Fact]
    public async Task AStaleReader_Stops()
    {
        _shard.OnDelivery = static _ => new DeliveryAnswer(DeliveryStatus.StaleReader, -1, -1);
        var writer = await OpenAsync();

        var error = await Assert.ThrowsAsync<GridException>(() => WriteAsync(writer, 0, 4));
        Assert.Equal(GridErrorCode.FailedPrecondition, error.Code);
    }

    [Fact]
    public async Task WhatIsKept_IsBounded_ByWaitingForDurability()
    {
        var writer = await OpenAsync(new SourceWriterOptions { MaxKeptBytes = 200 });
        for (var start = 0; start < 100; start += 5)
        {
            await WriteAsync(writer, start, start + 4);
        }

        Assert.True(writer.Durable > 80, $"only {writer.Durable} is durable");
        Assert.Equal(Positions(0, 99), _shard.Applied);
    }

    [Fact]
    public async Task AWriteAtOrBelowTheMark_IsRefused()
    {
        var writer = await OpenAsync();
        await WriteAsync(writer, 0, 4);

        await Assert.ThrowsAsync<GridException>(() => WriteAsync(writer, 3, 4));
        Assert.Equal(Positions(0, 4), _shard.Applied);
    }

    private async Task<SourcePartitionWriter> OpenAsync(SourceWriterOptions? options = null)
    {
        var writer = new SourcePartitionWriter(_shard, new SourcePartition("t", 0, "feed", "0", ReaderEpoch: 1), options, _time);
        await writer.OpenAsync(CancellationToken.None);
        return writer;
    }

    private async Task WriteAsync(SourcePartitionWriter writer, long first, long last)
    {
        for (var position = first; position <= last; position++)
        {
            _builder.Begin("e").Time(position).Position(position).Field("x", 1).End();
        }

        await writer.WriteAsync(_builder.Build(), last, CancellationToken.None);
    }

    private static IEnumerable<long> Positions(long first, long last) => Enumerable.Range((int)first, (int)(last - first + 1)).Select(static i => (long)i);
}
