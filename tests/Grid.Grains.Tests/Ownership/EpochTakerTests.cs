using System.Globalization;
using Grid.Grains.Ownership;
using Grid.Primitives;
using Grid.Storage;

namespace Grid.Grains.Tests.Ownership;

/// <summary>Shards that wake at the same time share the transactions that take their epochs.</summary>
public sealed class EpochTakerTests
{
    private readonly List<IReadOnlyList<ShardKey>> _batches = [];
    private readonly TaskCompletionSource _firstMayEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _firstBegan = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EpochTaker _taker;

    private Exception? _failure;

    public EpochTakerTests() => _taker = new EpochTaker(TakeAsync);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ThoseThatWait_AreTakenTogether_EachWithItsOwnLease()
    {
        var waiting = await WakeAsync(Enumerable.Range(1, EpochTaker.MostAtOnce + 50).Select(Shard));

        for (var i = 0; i < waiting.Length; i++)
        {
            Assert.Equal(Shard(i + 1), (await waiting[i]).Shard);
        }

        Assert.Equal([1, EpochTaker.MostAtOnce, 50], _batches.Select(static batch => batch.Count));
    }

    [Fact]
    public async Task ShardThatIsAskedForTwice_GetsTwoEpochs()
    {
        var waiting = await WakeAsync([Shard(1), Shard(2), Shard(1)]);

        Assert.NotEqual((await waiting[0]).Epoch, (await waiting[2]).Epoch);
        Assert.Equal([1, 2, 1], _batches.Select(static batch => batch.Count));
    }

    [Fact]
    public async Task ShardWhoseCallerHasGone_IsNotTaken()
    {
        using var gone = new CancellationTokenSource();
        var first = _taker.TakeAsync(Shard(0), Token);
        await _firstBegan.Task.WaitAsync(Token);
        var left = _taker.TakeAsync(Shard(1), gone.Token);
        var stays = _taker.TakeAsync(Shard(2), Token);
        await gone.CancelAsync();
        _firstMayEnd.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await Task.WhenAll(first, stays);
        Assert.DoesNotContain(Shard(1), _batches.SelectMany(static batch => batch));
    }

    [Fact]
    public async Task Failure_IsToldToThoseOfItsBatch_AndTheNextIsTaken()
    {
        _failure = GridError.Unavailable("store", "is away.", null, 1).ToException();
        var waiting = await WakeAsync([Shard(1), Shard(2)]);

        foreach (var lease in waiting)
        {
            await Assert.ThrowsAsync<GridException>(() => lease);
        }

        _failure = null;
        Assert.Equal(Shard(1), (await _taker.TakeAsync(Shard(1), Token)).Shard);
    }

    /// <summary>Asks for shards while the first transaction is under way, and lets it end.</summary>
    private async Task<Task<ShardLease>[]> WakeAsync(IEnumerable<ShardKey> shards)
    {
        var first = _taker.TakeAsync(Shard(0), Token);
        await _firstBegan.Task.WaitAsync(Token);
        Task<ShardLease>[] waiting = [.. shards.Select(shard => _taker.TakeAsync(shard, Token))];
        _firstMayEnd.SetResult();
        await first;
        return waiting;
    }

    private static ShardKey Shard(int i) => new("default", string.Create(CultureInfo.InvariantCulture, $"t{i}"), 0);

    private async Task<IReadOnlyList<ShardLease>> TakeAsync(IReadOnlyList<ShardKey> shards)
    {
        var isFirst = _batches.Count == 0;
        _batches.Add(shards);
        _firstBegan.TrySetResult();
        await _firstMayEnd.Task;
        return !isFirst && _failure is { } failure ? throw failure : [.. shards.Select(shard => new ShardLease(shard, _batches.Count, 0, "silo"))];
    }
}
