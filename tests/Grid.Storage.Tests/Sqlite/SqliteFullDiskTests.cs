using Grid.Primitives;
using Grid.Storage.Sqlite;
using Grid.Storage.Tests.Backends;
using Grid.Storage.Tests.Conformance;

namespace Grid.Storage.Tests.Sqlite;

/// <summary>A full disk refuses writes, loses nothing that was acknowledged, and is over when there is space.</summary>
public sealed class SqliteFullDiskTests() : StoreConformance(new SqliteBackend())
{
    [Fact]
    public async Task EngineThatMayNotGrow_RefusesEveryWrite_AndRecoversByItself()
    {
        var faults = new StoreFaults();
        var store = await OpenAsync(faults);
        var lease = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, lease, 1, 3);

        faults.DiskIsFull = true;
        var payload = new byte[20_000];
        var refused = await Task.WhenAll(Enumerable.Range(4, 5).Select(async s => await store.Shards.AppendAsync(lease.Shard, 1, s, payload, Token)));
        AssertFull(refused[0]);

        // The others shared its transaction, or came after it and no longer follow the last block.
        Assert.All(refused, static o => Assert.True(o.Status is AppendStatus.Refused or AppendStatus.OutOfSequence, $"{o}"));
        var page = new SnapshotChange(3, default, [new SnapshotPage(1, payload)], [1]);
        var snapshot = await store.Shards.WriteSnapshotAsync(lease.Shard, 1, page, Token);
        Assert.Equal((SnapshotStatus.Refused, GridErrorCode.Unavailable), (snapshot.Status, snapshot.Error!.Code));
        var swap = await Assert.ThrowsAsync<GridException>(() => store.Catalogue.SwapAsync(new CatalogueKey("model", "m"), 0, payload, Token));
        Assert.Equal(GridErrorCode.Unavailable, swap.Code);
        Assert.Equal("none + 1@1=block 1, 2@1=block 2, 3@1=block 3", await DescribeAsync(store, lease));

        faults.DiskIsFull = false;
        Assert.Equal(AppendStatus.Committed, (await store.Shards.AppendAsync(lease.Shard, 1, 4, payload, Token)).Status);
        Assert.Equal(SnapshotStatus.Switched, (await store.Shards.WriteSnapshotAsync(lease.Shard, 1, page, Token)).Status);
        Assert.Equal(1, (await store.Catalogue.SwapAsync(new CatalogueKey("model", "m"), 0, payload, Token)).Current!.Revision);
    }

    [Fact]
    public async Task RealDiskThatFillsUp_RefusesAppends_KeepsWhatWasAcknowledged_AndGoesOnWhenThereIsSpace()
    {
        using var disk = SmallDisk.TryMount(6 << 20);
        Assert.SkipWhen(disk is null, "Only root on Linux may mount a small disk.");
        var ballast = Path.Combine(disk.Path, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[2 << 20], Token);

        var options = new SqliteStoreOptions { Folder = Path.Combine(disk.Path, "state") };
        await using (var store = await SqliteGridStore.OpenAsync(options, Token))
        {
            var lease = await TakeAsync(store, Blocks.Shard);
            long sequence = 0;
            AppendOutcome outcome;
            do
            {
                outcome = await store.Shards.AppendAsync(lease.Shard, 1, sequence + 1, Blocks.Of(0, sequence + 1), Token);
                sequence += outcome.IsCommitted ? 1 : 0;
            }
            while (outcome.IsCommitted);

            Assert.True(sequence > 100, $"only {sequence} blocks fitted");
            AssertFull(outcome);
            var artifact = await Assert.ThrowsAsync<GridException>(() => store.Artifacts.PutAsync(new MemoryStream(new byte[4 << 20]), 4 << 20, Token));
            Assert.Equal(GridErrorCode.Unavailable, artifact.Code);
            Assert.Contains("full", artifact.Message, StringComparison.Ordinal);
            await AssertHoldsAsync(store, lease, sequence);

            File.Delete(ballast);
            Assert.Equal(AppendStatus.Committed, (await store.Shards.AppendAsync(lease.Shard, 1, sequence + 1, Blocks.Of(0, sequence + 1), Token)).Status);
            await AssertHoldsAsync(store, lease, sequence + 1);
        }

        await using var again = await SqliteGridStore.OpenAsync(options, Token);
        var next = await TakeAsync(again, Blocks.Shard, "b");
        await AssertHoldsAsync(again, next, next.LastSequence);
    }

    [Fact]
    public async Task DiskThatIsFullFromTheStart_IsNamed()
    {
        using var disk = SmallDisk.TryMount(64 << 10);
        Assert.SkipWhen(disk is null, "Only root on Linux may mount a small disk.");
        var error = await Assert.ThrowsAsync<GridException>(() => SqliteGridStore.OpenAsync(new SqliteStoreOptions { Folder = disk.Path }, Token));
        Assert.Equal(GridErrorCode.Unavailable, error.Code);
        Assert.Contains(disk.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("pace", error.Error.Fix, StringComparison.Ordinal);
    }

    private static void AssertFull(AppendOutcome outcome)
    {
        Assert.Equal(AppendStatus.Refused, outcome.Status);
        Assert.Equal(GridErrorCode.Unavailable, outcome.Error!.Code);
        Assert.Contains("Free space", outcome.Error.Fix, StringComparison.Ordinal);
        Assert.NotNull(outcome.Error.RetryAfterMs);
    }

    private static async Task AssertHoldsAsync(SqliteGridStore store, ShardLease lease, long last)
    {
        var image = await store.Shards.LoadAsync(lease, Token);
        Assert.Equal(last, image.Blocks.Count);
        Assert.All(image.Blocks, static b => Assert.True(b.Payload.Span.SequenceEqual(Blocks.Of(0, b.Sequence))));
    }
}
