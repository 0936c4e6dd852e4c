using Grid.Storage.Tests.Backends;
using Grid.Storage.Tests.Conformance;

namespace Grid.Storage.Tests.Sqlite;

/// <summary>What is kept for the grace period, and what is removed after it.</summary>
public sealed class SqliteRetentionTests : StoreConformance
{
    private readonly SqliteBackend _backend;

    public SqliteRetentionTests() : this(new SqliteBackend())
    {
    }

    private SqliteRetentionTests(SqliteBackend backend) : base(backend) => _backend = backend;

    [Fact]
    public async Task PagesOfASupersededSnapshot_StayForTheGracePeriodAndGoAfterIt()
    {
        var time = new ManualTime();
        var store = await OpenAsync(time: time, grace: TimeSpan.FromMinutes(5));
        var lease = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, lease, 1, 4);
        await SnapshotAsync(store, lease, 1, [1, 2], (1, "one"), (2, "two"));
        await SnapshotAsync(store, lease, 2, [1, 2], (1, "one at 2"));
        Assert.Equal((3, 2), (Pages(), Manifests()));

        time.Advance(TimeSpan.FromMinutes(4));
        await SnapshotAsync(store, lease, 3, [1, 2], (1, "one at 3"));
        Assert.Equal((4, 3), (Pages(), Manifests()));

        time.Advance(TimeSpan.FromMinutes(2));
        await SnapshotAsync(store, lease, 4, [1], (1, "one at 4"));

        // Left: the snapshot of 3 (page 1 at 3, page 2 at 1), superseded just now, the one of 2 superseded two minutes ago, and 4.
        Assert.Equal((4, 3), (Pages(), Manifests()));
        Assert.Equal("manifest 4 [1=one at 4] + ", await DescribeAsync(store, lease));
    }

    [Fact]
    public async Task PagesOfAnInterruptedSnapshot_AreRemovedByTheNext()
    {
        var isArmed = true;
        var store = await OpenAsync(
            new StoreFaults
            {
                Reached = (point, _, _) =>
                {
                    if (isArmed && point == StoreFaultPoint.BeforeSwitch)
                    {
                        throw new StoreFaultException("crash", isTransient: false);
                    }
                },
            },
            grace: TimeSpan.Zero);
        var lease = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, lease, 1, 600);
        await SnapshotAsync(store, lease, 599, [.. Enumerable.Range(0, 600)], [.. Enumerable.Range(0, 600).Select(static p => (p, "x"))]);
        Assert.Equal((600, 600), (Pages(), LogRows()));

        isArmed = false;
        lease = await TakeAsync(store, Blocks.Shard, "b");
        Assert.Equal(SnapshotStatus.Switched, (await SnapshotAsync(store, lease, 600, [3], (3, "three"))).Status);
        Assert.Equal((1, 0), (Pages(), LogRows()));
    }

    [Fact]
    public async Task DeletedShard_LeavesNoRowButItsOwner()
    {
        var store = await OpenAsync();
        var lease = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, lease, 1, 4);
        await SnapshotAsync(store, lease, 2, [1, 2], (1, "one"), (2, "two"));
        await store.Shards.DeleteShardAsync(lease, Token);
        Assert.Equal((0, 0, 0), (Pages(), Manifests(), LogRows()));
        Assert.Equal(1, SqliteTable.Count(_backend.DatabasePath, "select count(*) from shard_owner"));
    }

    private long Pages() => SqliteTable.Count(_backend.DatabasePath, "select count(*) from shard_page");

    private long Manifests() => SqliteTable.Count(_backend.DatabasePath, "select count(*) from shard_snapshot");

    private long LogRows() => SqliteTable.Count(_backend.DatabasePath, "select count(*) from shard_log");
}
