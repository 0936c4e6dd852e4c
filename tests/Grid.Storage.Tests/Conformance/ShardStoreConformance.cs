using System.Collections.Concurrent;
using Grid.Primitives;
using Grid.Storage.Tests.Backends;

namespace Grid.Storage.Tests.Conformance;

/// <summary>Epochs, appends, fencing, and what a failed commit leaves.</summary>
public abstract class ShardStoreConformance(IStoreBackend backend) : StoreConformance(backend)
{
    [Fact]
    public async Task NewShard_StartsWithEpochOneAndNothing()
    {
        var store = await OpenAsync();
        var lease = await TakeAsync(store, Blocks.Shard, "silo-1");

        Assert.Equal(new ShardLease(Blocks.Shard, 1, 0, "silo-1"), lease);
        Assert.Equal("none + ", await DescribeAsync(store, lease));
    }

    [Fact]
    public async Task Epochs_RiseForEachShardByItself_AndSurviveReopening()
    {
        var store = await OpenAsync();
        await store.Shards.TakeEpochsAsync([Blocks.ShardOf(0), Blocks.ShardOf(1)], "a", Token);
        var second = await store.Shards.TakeEpochsAsync([Blocks.ShardOf(2), Blocks.ShardOf(1)], "b", Token);
        Assert.Equal([1L, 2L], second.Select(static l => l.Epoch));

        store = await ReopenAsync(store);
        var third = await store.Shards.TakeEpochsAsync([Blocks.ShardOf(0), Blocks.ShardOf(1), Blocks.ShardOf(2)], "c", Token);
        Assert.Equal([2L, 3L, 2L], third.Select(static l => l.Epoch));
    }

    [Fact]
    public async Task TakingAShardTwiceInOneCall_IsRefusedAndChangesNothing()
    {
        var store = await OpenAsync();
        var error = await Assert.ThrowsAsync<GridException>(() => store.Shards.TakeEpochsAsync([Blocks.ShardOf(1), Blocks.Shard, Blocks.Shard], "a", Token));
        Assert.Equal(GridErrorCode.InvalidArgument, error.Code);
        Assert.Contains("default/acme/0", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await TakeAsync(store, Blocks.ShardOf(1))).Epoch);
    }

    [Fact]
    public async Task ShardOfAnInvalidName_IsRefusedByName()
    {
        var store = await OpenAsync();
        var error = await Assert.ThrowsAsync<GridException>(() => TakeAsync(store, new ShardKey("default", "../acme", 0)));
        Assert.Equal(GridErrorCode.InvalidArgument, error.Code);
        Assert.Contains("../acme", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommittedBlocks_AreReadBackByTheNextOwner()
    {
        var store = await OpenAsync();
        var lease = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, lease, 1, 2);
        Assert.Equal(AppendStatus.Committed, (await AppendAsync(store, lease, 3, "")).Status);

        store = await ReopenAsync(store);
        var next = await TakeAsync(store, Blocks.Shard, "b");
        Assert.Equal(3, next.LastSequence);
        Assert.Equal("none + 1@1=block 1, 2@1=block 2, 3@1=", await DescribeAsync(store, next));
    }

    [Fact]
    public async Task SecondOwner_FencesTheFirst() => await AssertSecondOwnerFencesFirstAsync(await OpenAsync());

    [Fact]
    public async Task FencingTest_FailsWhenAppendsIgnoreTheEpoch()
    {
        var store = await OpenAsync(new StoreFaults { IgnoreEpoch = true });
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => AssertSecondOwnerFencesFirstAsync(store));
    }

    [Fact]
    public async Task ShardThatNobodyTook_IsFenced()
    {
        var store = await OpenAsync();
        var outcome = await store.Shards.AppendAsync(Blocks.Shard, 1, 1, Blocks.Bytes("x"), Token);
        Assert.Equal(new AppendOutcome(AppendStatus.Fenced, 0, 0), outcome);
    }

    [Fact]
    public async Task SameBlockAgain_CountsAsSuccess_EvenAfterTheEpochMovedOn()
    {
        var store = await OpenAsync();
        var lease = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, lease, 1, 3);
        Assert.Equal(AppendStatus.Committed, (await AppendAsync(store, lease, 2, "block 2")).Status);

        await TakeAsync(store, Blocks.Shard, "b");
        Assert.Equal(AppendStatus.Committed, (await AppendAsync(store, lease, 3, "block 3")).Status);
    }

    [Fact]
    public async Task OtherBytesAtATakenSequence_AreOutOfSequence()
    {
        var store = await OpenAsync();
        var lease = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, lease, 1, 2);

        Assert.Equal(new AppendOutcome(AppendStatus.OutOfSequence, 1, 2), await AppendAsync(store, lease, 2, "another"));
        Assert.Equal("none + 1@1=block 1, 2@1=block 2", await DescribeAsync(store, lease));
    }

    [Fact]
    public async Task BlockBeyondTheNext_IsOutOfSequence()
    {
        var store = await OpenAsync();
        var lease = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, lease, 1, 1);
        Assert.Equal(new AppendOutcome(AppendStatus.OutOfSequence, 1, 1), await AppendAsync(store, lease, 3, "block 3"));
    }

    [Fact]
    public async Task BlockOfAnOldEpochBehindTheCut_IsUnknown()
    {
        var store = await OpenAsync(grace: TimeSpan.Zero);
        var old = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, old, 1, 1);
        var lease = await TakeAsync(store, Blocks.Shard, "b");
        await AppendManyAsync(store, lease, 2, 3);
        Assert.Equal(SnapshotStatus.Switched, (await SnapshotAsync(store, lease, 3, [])).Status);

        Assert.Equal(new AppendOutcome(AppendStatus.Unknown, 2, 3), await AppendAsync(store, old, 2, "block 2 of a"));
        Assert.Equal(new AppendOutcome(AppendStatus.Fenced, 2, 3), await AppendAsync(store, old, 4, "block 4 of a"));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(1, long.MaxValue)]
    public async Task EpochOrSequenceOutOfRange_IsRefusedAsAMistake(long epoch, long sequence)
    {
        var store = await OpenAsync();
        var error = await Assert.ThrowsAsync<GridException>(async () => await store.Shards.AppendAsync(Blocks.Shard, epoch, sequence, default, Token));
        Assert.Equal(GridErrorCode.InvalidArgument, error.Code);
    }

    [Fact]
    public async Task ManyShardsAtOnce_OneFencedInTheMiddle_TheOthersCommit()
    {
        const int count = 64;
        var store = await OpenAsync();
        var keys = Enumerable.Range(0, count).Select(Blocks.ShardOf).ToArray();
        var leases = await store.Shards.TakeEpochsAsync(keys, "a", Token);
        await TakeAsync(store, keys[count / 2], "b");

        var outcomes = await Task.WhenAll(
            from sequence in Enumerable.Range(1, 5)
            from lease in leases
            select AppendAsync(store, lease, sequence, $"block {sequence}"));
        for (var i = 0; i < outcomes.Length; i++)
        {
            Assert.Equal(i % count == count / 2 ? AppendStatus.Fenced : AppendStatus.Committed, outcomes[i].Status);
        }

        var again = await store.Shards.TakeEpochsAsync(keys, "c", Token);
        for (var i = 0; i < count; i++)
        {
            var image = await store.Shards.LoadAsync(again[i], Token);
            Assert.Equal(i == count / 2 ? 0 : 5, image.Blocks.Count);
        }
    }

    [Fact]
    public async Task BlocksOfOneShardInFlight_CommitInTheOrderOfTheCalls()
    {
        var store = await OpenAsync();
        var lease = await TakeAsync(store, Blocks.Shard);
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 500).Select(s => AppendAsync(store, lease, s, $"block {s}")));
        Assert.All(outcomes, static o => Assert.Equal(AppendStatus.Committed, o.Status));
        Assert.Equal(500, (await store.Shards.LoadAsync(lease, Token)).Blocks.Count);
    }

    [Fact]
    public async Task LoadUnderAFencedLease_IsAConflictThatNamesTheEpoch()
    {
        var store = await OpenAsync();
        var old = await TakeAsync(store, Blocks.Shard, "a");
        await TakeAsync(store, Blocks.Shard, "silo-b");
        var error = await Assert.ThrowsAsync<GridException>(() => store.Shards.LoadAsync(old, Token));
        Assert.Equal(GridErrorCode.Conflict, error.Code);
        Assert.Contains("epoch 2 of 'silo-b'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Confirm_TellsOwnersFromFencedOnes()
    {
        var store = await OpenAsync();
        var leases = await store.Shards.TakeEpochsAsync([Blocks.ShardOf(0), Blocks.ShardOf(1)], "a", Token);
        await TakeAsync(store, Blocks.ShardOf(1), "b");
        var never = new ShardLease(Blocks.ShardOf(9), 1, 0, "a");

        var outcomes = await store.Shards.ConfirmAsync([.. leases, never], Token);
        Assert.Equal(
            [
                new ConfirmOutcome(Blocks.ShardOf(0), true, 1, "a"),
                new ConfirmOutcome(Blocks.ShardOf(1), false, 2, "b"),
                new ConfirmOutcome(Blocks.ShardOf(9), false, 0, ""),
            ],
            outcomes);
    }

    [Fact]
    public async Task DeletedShard_IsEmptyAndKeepsItsEpochs()
    {
        var store = await OpenAsync(grace: TimeSpan.Zero);
        var lease = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, lease, 1, 3);
        await SnapshotAsync(store, lease, 2, [1], (1, "one"));
        Assert.True(await store.Shards.DeleteShardAsync(lease, Token));

        Assert.False(await store.Shards.DeleteShardAsync(lease, Token));
        Assert.Equal(AppendStatus.Fenced, (await AppendAsync(store, lease, 4, "late")).Status);
        Assert.Equal(AppendStatus.Fenced, (await AppendAsync(store, lease, 1, "late")).Status);
        var next = await TakeAsync(store, Blocks.Shard, "b");
        Assert.Equal(new ShardLease(Blocks.Shard, 3, 0, "b"), next);
        Assert.Equal("none + ", await DescribeAsync(store, next));
        await AppendManyAsync(store, next, 1, 1);
        Assert.Equal("none + 1@3=block 1", await DescribeAsync(store, next));
    }

    [Fact]
    public async Task AnswerLostAfterTheCommit_IsFoundAsSuccess()
    {
        var left = 1;
        var store = await OpenAsync(new StoreFaults
        {
            Reached = (point, _, _) =>
            {
                if (point == StoreFaultPoint.AfterCommit && Interlocked.Decrement(ref left) >= 0)
                {
                    throw new StoreFaultException("connection lost", isTransient: true);
                }
            },
        });
        var lease = await TakeAsync(store, Blocks.Shard);
        Assert.Equal(AppendStatus.Committed, (await AppendAsync(store, lease, 1, "block 1")).Status);
        Assert.Equal(AppendStatus.Committed, (await AppendAsync(store, lease, 2, "block 2")).Status);
        Assert.Equal("none + 1@1=block 1, 2@1=block 2", await DescribeAsync(store, lease));
        Assert.True(left < 0);
    }

    [Fact]
    public async Task TransientFailure_RetriesTheSameBlock_AndAPermanentOneRefusesIt()
    {
        var left = 2;
        var store = await OpenAsync(new StoreFaults
        {
            Reached = (point, _, _) =>
            {
                if (point == StoreFaultPoint.BeforeCommit && Interlocked.Decrement(ref left) >= 0)
                {
                    throw new StoreFaultException("disk away", isTransient: true);
                }
            },
        });
        var lease = await TakeAsync(store, Blocks.Shard);
        Assert.Equal(AppendStatus.Committed, (await AppendAsync(store, lease, 1, "block 1")).Status);

        Volatile.Write(ref left, int.MaxValue);
        var refused = await AppendAsync(store, lease, 2, "block 2");
        Assert.Equal(AppendStatus.Refused, refused.Status);
        Assert.Equal(GridErrorCode.Unavailable, refused.Error!.Code);
        Assert.Contains("disk away", refused.Error.Message, StringComparison.Ordinal);

        Volatile.Write(ref left, 0);
        Assert.Equal(AppendStatus.Committed, (await AppendAsync(store, lease, 2, "block 2")).Status);
    }

    [Fact]
    public async Task OnePoisonedBlock_IsRefusedAlone_AndWhatFollowsItInItsShardIsOutOfSequence()
    {
        const int count = 32;
        var poisoned = Blocks.ShardOf(13);
        var store = await OpenAsync(new StoreFaults
        {
            Reached = (point, shard, sequence) =>
            {
                if (point == StoreFaultPoint.BlockInsert && shard == poisoned && sequence == 2)
                {
                    throw new StoreFaultException("poison", isTransient: false);
                }
            },
        });
        var leases = await store.Shards.TakeEpochsAsync([.. Enumerable.Range(0, count).Select(Blocks.ShardOf)], "a", Token);
        var outcomes = await Task.WhenAll(
            from sequence in Enumerable.Range(1, 3)
            from lease in leases
            select AppendAsync(store, lease, sequence, $"block {sequence}"));

        var ofPoisoned = outcomes.Where((_, i) => leases[i % count].Shard == poisoned).Select(static o => o.Status);
        Assert.Equal([AppendStatus.Committed, AppendStatus.Refused, AppendStatus.OutOfSequence], ofPoisoned);
        Assert.Equal((count * 3) - 2, outcomes.Count(static o => o.IsCommitted));
    }

    [Fact]
    public async Task BlockOverTheQueue_IsTooLargeAndNamed()
    {
        var store = await OpenAsync();
        var lease = await TakeAsync(store, Blocks.Shard);
        var error = await Assert.ThrowsAsync<GridException>(async () => await store.Shards.AppendAsync(lease.Shard, 1, 1, new byte[(64 << 20) + 1], Token));
        Assert.Equal(GridErrorCode.TooLarge, error.Code);
        Assert.Contains("67108865", error.Message, StringComparison.Ordinal);
        Assert.Equal("none + ", await DescribeAsync(store, lease));
    }

    [Fact]
    public async Task TwoRacingOwners_ExactlyOneBlockWinsEachSequence()
    {
        var store = await OpenAsync();
        for (var seed = 0; seed < 10; seed++)
        {
            var shard = Blocks.ShardOf(100 + seed);
            var committed = new ConcurrentDictionary<long, string>();
            await Task.WhenAll(RaceAsync(store, shard, "a", seed, committed), RaceAsync(store, shard, "b", seed + 1_000, committed));

            var image = await store.Shards.LoadAsync(await TakeAsync(store, shard, "c"), Token);
            var log = image.Blocks.ToDictionary(static b => b.Sequence, static b => Blocks.Text(b.Payload));
            foreach (var (sequence, payload) in committed)
            {
                Assert.True(log[sequence] == payload, $"seed {seed}: sequence {sequence} has '{log[sequence]}', and '{payload}' was acknowledged");
            }

            // Nothing was in doubt, so everything in the log was acknowledged to exactly one.
            Assert.True(log.Count == committed.Count, $"seed {seed}: {log.Count} blocks, {committed.Count} acknowledged");
        }
    }

    private static async Task RaceAsync(IGridStore store, ShardKey shard, string owner, int seed, ConcurrentDictionary<long, string> committed)
    {
        var random = new Random(seed);
        for (var life = 0; life < 6; life++)
        {
            var lease = await TakeAsync(store, shard, owner);
            var burst = random.Next(1, 12);
            var appends = Enumerable.Range(1, burst).Select(i => (Sequence: lease.LastSequence + i, Payload: $"{owner} {lease.Epoch} {i}")).ToArray();
            var outcomes = await Task.WhenAll(appends.Select(a => AppendAsync(store, lease, a.Sequence, a.Payload)));
            var lost = false;
            for (var i = 0; i < burst; i++)
            {
                Assert.True(outcomes[i].Status is AppendStatus.Committed or AppendStatus.Fenced, $"seed {seed}: {outcomes[i]}");
                Assert.False(lost && outcomes[i].IsCommitted, $"seed {seed}: a block committed after a fenced one");
                lost |= !outcomes[i].IsCommitted;
                if (outcomes[i].IsCommitted)
                {
                    Assert.True(committed.TryAdd(appends[i].Sequence, appends[i].Payload), $"seed {seed}: sequence {appends[i].Sequence} was acknowledged twice");
                }
            }
        }
    }

    private static async Task AssertSecondOwnerFencesFirstAsync(IGridStore store)
    {
        var first = await TakeAsync(store, Blocks.Shard, "a");
        await AppendManyAsync(store, first, 1, 2);
        var second = await TakeAsync(store, Blocks.Shard, "b");
        Assert.Equal(2, second.LastSequence);

        Assert.Equal(new AppendOutcome(AppendStatus.Fenced, 2, 2), await AppendAsync(store, first, 3, "from a"));
        Assert.Equal(new SnapshotOutcome(SnapshotStatus.Fenced, 2, 0), await SnapshotAsync(store, first, 2, [0], (0, "from a")));
        await AppendManyAsync(store, second, 3, 3);
        Assert.Equal(new AppendOutcome(AppendStatus.Fenced, 2, 3), await AppendAsync(store, first, 4, "from a"));
        Assert.Equal("none + 1@1=block 1, 2@1=block 2, 3@2=block 3", await DescribeAsync(store, second));
    }
}
