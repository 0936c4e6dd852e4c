using Grid.Primitives;
using Grid.Storage.Tests.Backends;

namespace Grid.Storage.Tests.Conformance;

/// <summary>Snapshots: what they take over, when they switch, what they cut, what they keep.</summary>
public abstract class SnapshotConformance(IStoreBackend backend) : StoreConformance(backend)
{
    [Fact]
    public async Task Snapshot_CutsTheLogExactlyAtItsSequence()
    {
        var store = await OpenAsync();
        var lease = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, lease, 1, 4);
        Assert.Equal(new SnapshotOutcome(SnapshotStatus.Switched, 1, 3), await SnapshotAsync(store, lease, 3, [5, 2], (5, "five"), (2, "two")));

        store = await ReopenAsync(store);
        var next = await TakeAsync(store, Blocks.Shard, "b");
        Assert.Equal("manifest 3 [2=two, 5=five] + 4@1=block 4", await DescribeAsync(store, next));
        await AppendManyAsync(store, next, 5, 5);
    }

    [Fact]
    public async Task LaterSnapshot_TakesOverCleanPagesAndDropsDeadOnes()
    {
        var store = await OpenAsync();
        var lease = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, lease, 1, 3);
        await SnapshotAsync(store, lease, 1, [1, 2, 3], (1, "one"), (2, "two"), (3, "three"));
        var next = await TakeAsync(store, Blocks.Shard, "b");
        await SnapshotAsync(store, next, 2, [1, 2, 4], (2, "two again"), (4, "four"));
        Assert.Equal("manifest 2 [1=one, 2=two again, 4=four] + 3@1=block 3", await DescribeAsync(store, next));
    }

    [Fact]
    public async Task LivePageThatNobodyWrote_IsRefusedByName()
    {
        var store = await OpenAsync();
        var lease = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, lease, 1, 1);
        var error = await Assert.ThrowsAsync<GridException>(() => SnapshotAsync(store, lease, 1, [1, 7], (1, "one")));
        Assert.Equal(GridErrorCode.InvalidArgument, error.Code);
        Assert.Contains("live page 7", error.Message, StringComparison.Ordinal);
        Assert.Equal("none + 1@1=block 1", await DescribeAsync(store, lease));
    }

    [Theory]
    [InlineData(new[] { 1, 1 }, new[] { 1 })]
    [InlineData(new[] { 1 }, new[] { 1, 1 })]
    [InlineData(new[] { 1 }, new[] { 2 })]
    [InlineData(new[] { -1 }, new[] { -1 })]
    public async Task PagesThatContradictThemselves_AreRefused(int[] live, int[] dirty)
    {
        var store = await OpenAsync();
        var lease = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, lease, 1, 1);
        var error = await Assert.ThrowsAsync<GridException>(() => SnapshotAsync(store, lease, 1, live, [.. dirty.Select(static d => (d, "x"))]));
        Assert.Equal(GridErrorCode.InvalidArgument, error.Code);
    }

    [Fact]
    public async Task SnapshotNotBeyondTheOneInForce_IsStale()
    {
        var store = await OpenAsync();
        var lease = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, lease, 1, 2);
        await SnapshotAsync(store, lease, 2, [1], (1, "one"));
        Assert.Equal(new SnapshotOutcome(SnapshotStatus.Stale, 1, 2), await SnapshotAsync(store, lease, 2, [1], (1, "other")));
        Assert.Equal("manifest 2 [1=one] + ", await DescribeAsync(store, lease));
    }

    [Fact]
    public async Task SnapshotOfABlockThatIsNotDurableYet_WaitsForIt()
    {
        var store = await OpenAsync();
        var lease = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, lease, 1, 1);
        var snapshot = SnapshotAsync(store, lease, 3, [1], (1, "one"));
        await AppendManyAsync(store, lease, 2, 2);
        Assert.Equal("none + 1@1=block 1, 2@1=block 2", await DescribeAsync(store, lease));
        await AppendManyAsync(store, lease, 3, 3);
        Assert.Equal(SnapshotStatus.Switched, (await snapshot).Status);
        Assert.Equal("manifest 3 [1=one] + ", await DescribeAsync(store, lease));
    }

    [Fact]
    public async Task SnapshotThatWaits_IsFencedByTheNextOwner()
    {
        var store = await OpenAsync();
        var lease = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, lease, 1, 1);
        var snapshot = SnapshotAsync(store, lease, 2, [1], (1, "one"));
        await TakeAsync(store, Blocks.Shard, "b");
        Assert.Equal(SnapshotStatus.Fenced, (await snapshot).Status);
    }

    [Fact]
    public async Task SnapshotThatWaits_EndsWithItsTokenAndWithTheStore()
    {
        var store = await OpenAsync();
        var lease = await TakeAsync(store, Blocks.Shard);
        using var source = new CancellationTokenSource();
        var cancelled = store.Shards.WriteSnapshotAsync(lease.Shard, 1, Change(1, [1], (1, "one")), source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        var closed = SnapshotAsync(store, lease, 1, [1], (1, "one"));
        await store.DisposeAsync();
        Assert.Equal(SnapshotStatus.Refused, (await closed).Status);
    }

    [Fact]
    public async Task OwnerFencedBetweenPagesAndSwitch_LeavesTheOldSnapshotWhole()
    {
        IGridStore? store = null;
        var isArmed = false;
        store = await OpenAsync(
            new StoreFaults
            {
                Reached = (point, shard, _) =>
                {
                    if (point == StoreFaultPoint.BeforeSwitch && isArmed)
                    {
                        store!.Shards.TakeEpochsAsync([shard], "b", CancellationToken.None).GetAwaiter().GetResult();
                    }
                },
            },
            grace: TimeSpan.Zero);
        var lease = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, lease, 1, 3);
        await SnapshotAsync(store, lease, 1, [1, 2], (1, "one"), (2, "two"));
        isArmed = true;
        Assert.Equal(new SnapshotOutcome(SnapshotStatus.Fenced, 2, 1), await SnapshotAsync(store, lease, 2, [1, 2], (1, "changed")));
        isArmed = false;

        var next = await TakeAsync(store, Blocks.Shard, "c");
        Assert.Equal("manifest 1 [1=one, 2=two] + 2@1=block 2, 3@1=block 3", await DescribeAsync(store, next));
    }

    [Theory]
    [InlineData(StoreFaultPoint.SnapshotPages)]
    [InlineData(StoreFaultPoint.BeforeSwitch)]
    public async Task FailureBeforeTheSwitch_LeavesTheOldSnapshotWhole_AndTheNextOneSucceeds(StoreFaultPoint at)
    {
        var isArmed = false;
        var store = await OpenAsync(new StoreFaults
        {
            Reached = (point, _, sequence) =>
            {
                if (isArmed && point == at && sequence == 2)
                {
                    throw new StoreFaultException("crash", isTransient: false);
                }
            },
        });
        var lease = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, lease, 1, 3);
        await SnapshotAsync(store, lease, 1, [1, 2], (1, "one"), (2, "two"));
        isArmed = true;
        var outcome = await SnapshotAsync(store, lease, 2, [1, 2], (1, "changed"));
        Assert.Equal(SnapshotStatus.Refused, outcome.Status);
        Assert.Equal("crash", outcome.Error!.Message);

        store = await ReopenAsync(store);
        lease = await TakeAsync(store, Blocks.Shard, "b");
        Assert.Equal("manifest 1 [1=one, 2=two] + 2@1=block 2, 3@1=block 3", await DescribeAsync(store, lease));
        Assert.Equal(SnapshotStatus.Switched, (await SnapshotAsync(store, lease, 2, [1, 2], (1, "changed again"))).Status);
        Assert.Equal("manifest 2 [1=changed again, 2=two] + 3@1=block 3", await DescribeAsync(store, lease));
    }

    [Fact]
    public async Task FailureAfterTheSwitch_IsASwitchThatSaysSo()
    {
        var store = await OpenAsync(new StoreFaults
        {
            Reached = static (point, _, _) =>
            {
                if (point == StoreFaultPoint.AfterSwitch)
                {
                    throw new StoreFaultException("crash", isTransient: false);
                }
            },
        });
        var lease = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, lease, 1, 3);
        var outcome = await SnapshotAsync(store, lease, 2, [1], (1, "one"));
        Assert.Equal(SnapshotStatus.Switched, outcome.Status);
        Assert.Equal("crash", outcome.Error!.Message);
        Assert.Equal("manifest 2 [1=one] + 3@1=block 3", await DescribeAsync(store, lease));

        store = await ReopenAsync(store);
        lease = await TakeAsync(store, Blocks.Shard, "b");
        Assert.Equal("manifest 2 [1=one] + 3@1=block 3", await DescribeAsync(store, lease));
        Assert.Equal(new SnapshotOutcome(SnapshotStatus.Switched, 2, 3), await SnapshotAsync(store, lease, 3, [1]));
    }

    [Fact]
    public async Task SecondSnapshotOfOneOwnerAtATime_IsRefused()
    {
        var store = await OpenAsync();
        var lease = await TakeAsync(store, Blocks.Shard);
        var first = SnapshotAsync(store, lease, 1, [1], (1, "one"));
        var error = await Assert.ThrowsAsync<GridException>(() => SnapshotAsync(store, lease, 1, [1], (1, "one")));
        Assert.Equal(GridErrorCode.FailedPrecondition, error.Code);
        await AppendManyAsync(store, lease, 1, 1);
        Assert.Equal(SnapshotStatus.Switched, (await first).Status);
    }

    [Fact]
    public async Task Tail_IsWhatAReaderOfTheShardLacks()
    {
        var store = await OpenAsync();
        var old = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, old, 1, 4);
        await SnapshotAsync(store, old, 2, [1], (1, "one"));
        await AppendManyAsync(store, old, 5, 6);
        var lease = await TakeAsync(store, Blocks.Shard, "b");

        Assert.Equal("5@1=block 5, 6@1=block 6", await TailAsync(store, lease, 2, 4));
        Assert.Equal("", await TailAsync(store, lease, 2, 6));
        Assert.Equal("3@1=block 3, 4@1=block 4, 5@1=block 5, 6@1=block 6", await TailAsync(store, lease, 2, 2));

        // Another snapshot, one that never was, and blocks that the log no longer has or never had: the whole has to be read.
        Assert.Null(await TailAsync(store, lease, 0, 4));
        Assert.Null(await TailAsync(store, lease, 3, 4));
        Assert.Null(await TailAsync(store, lease, 2, 1));
        Assert.Null(await TailAsync(store, lease, 2, 7));
        Assert.Equal(GridErrorCode.Conflict, (await Assert.ThrowsAsync<GridException>(() => TailAsync(store, old, 2, 4))).Code);
    }

    [Fact]
    public async Task SnapshotsAgainstConcurrentCommits_LoseNothing()
    {
        const int last = 400;
        var store = await OpenAsync(grace: TimeSpan.Zero);
        var lease = await TakeAsync(store, Blocks.Shard);
        var appends = Task.WhenAll(Enumerable.Range(1, last).Select(s => AppendAsync(store, lease, s, $"block {s}")));
        for (var sequence = 1; sequence < last; sequence += 37)
        {
            var dirty = Enumerable.Range(0, 8).Where(p => sequence == 1 || p % 3 == sequence % 3).Select(p => (p, $"page {p} at {sequence}")).ToArray();
            Assert.Equal(SnapshotStatus.Switched, (await SnapshotAsync(store, lease, sequence, [.. Enumerable.Range(0, 8)], dirty)).Status);
            var image = await store.Shards.LoadAsync(lease, Token);
            Assert.Equal(sequence, image.Snapshot!.Sequence);
            Assert.Equal($"manifest {sequence}", Blocks.Text(image.Snapshot.Manifest));
            Assert.Equal(8, image.Snapshot.Pages.Count);
            Assert.All(dirty, d => Assert.Equal(d.Item2, Blocks.Text(image.Snapshot.Pages[d.p].Content)));
        }

        Assert.All(await appends, static o => Assert.Equal(AppendStatus.Committed, o.Status));
        var end = await store.Shards.LoadAsync(await TakeAsync(store, Blocks.Shard, "b"), Token);
        Assert.Equal(last, end.Snapshot!.Sequence + end.Blocks.Count);
    }

    [Fact]
    public async Task SnapshotOfManyChunks_IsReadBackWhole()
    {
        var store = await OpenAsync();
        var lease = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, lease, 1, 1);
        var pages = Enumerable.Range(0, 100).Select(static p => new SnapshotPage(p, Enumerable.Repeat((byte)p, 64 << 10).ToArray())).ToArray();
        var change = new SnapshotChange(1, default, pages, [.. Enumerable.Range(0, 100)]);
        Assert.Equal(SnapshotStatus.Switched, (await store.Shards.WriteSnapshotAsync(lease.Shard, 1, change, Token)).Status);
        var image = await store.Shards.LoadAsync(lease, Token);
        Assert.Equal(0, image.Snapshot!.Manifest.Length);
        Assert.All(image.Snapshot.Pages, p => Assert.True(p.Content.Span.SequenceEqual(pages[p.PageId].Content.Span)));
    }

    private static async Task<string?> TailAsync(IGridStore store, ShardLease lease, long snapshot, long after) =>
        await store.Shards.LoadTailAsync(lease, snapshot, after, Token) is { } blocks
            ? string.Join(", ", blocks.Select(static b => $"{b.Sequence}@{b.Epoch}={Blocks.Text(b.Payload)}"))
            : null;
}
