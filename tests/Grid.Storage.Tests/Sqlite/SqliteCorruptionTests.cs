using Grid.Primitives;
using Grid.Storage.Tests.Backends;
using Grid.Storage.Tests.Conformance;

namespace Grid.Storage.Tests.Sqlite;

/// <summary>Damage to single rows is found and named, and never read as state.</summary>
public sealed class SqliteCorruptionTests : StoreConformance
{
    private readonly SqliteBackend _backend;

    public SqliteCorruptionTests() : this(new SqliteBackend())
    {
    }

    private SqliteCorruptionTests(SqliteBackend backend) : base(backend) => _backend = backend;

    [Theory]
    [InlineData("update shard_log set payload = substr(payload, 1, 3) where owner_id = 1 and sequence = 5", "block 5")]
    [InlineData("update shard_log set checksum = checksum + 1 where owner_id = 1 and sequence = 6", "block 6")]
    [InlineData("update shard_log set epoch = 2 where owner_id = 1 and sequence = 4", "block 4")]
    [InlineData("update shard_log set format = 9 where owner_id = 1 and sequence = 4", "block 4")]
    [InlineData("delete from shard_log where owner_id = 1 and sequence = 4", "block 4")]
    [InlineData("delete from shard_log where owner_id = 1 and sequence = 5", "block 5")]
    [InlineData("delete from shard_log where owner_id = 1 and sequence = 6", "block 6")]
    [InlineData("update shard_log set position = position + 90 where owner_id = 1 and sequence = 5", "block 5")]
    [InlineData("update shard_log set position = position + 93 where owner_id = 1 and sequence = 6", "block 6")]
    [InlineData("update shard_log set payload = (select payload from shard_log where owner_id = 1 and sequence = 6) where owner_id = 1 and sequence = 5", "block 5")]
    [InlineData("update shard_log set (payload, checksum) = (select payload, checksum from shard_log where owner_id = 1 and sequence = 6) where owner_id = 1 and sequence = 5", "block 5")]
    [InlineData("update shard_log set (payload, checksum) = (select payload, checksum from shard_log where owner_id = 2 and sequence = 5) where owner_id = 1 and sequence = 5", "block 5")]
    [InlineData("delete from shard_log where owner_id = 1", "block 4")]
    [InlineData("update shard_owner set last_sequence = 5 where id = 1", "block 6")]
    [InlineData("update shard_owner set last_sequence = 7 where id = 1", "block 7")]
    [InlineData("update shard_owner set base_sequence = 2 where id = 1", "manifest 2")]
    [InlineData("update shard_owner set base_sequence = 0 where id = 1", "block 1")]
    [InlineData("delete from shard_snapshot where owner_id = 1", "manifest 3")]
    [InlineData("update shard_snapshot set manifest = x'00' where owner_id = 1", "manifest 3")]
    [InlineData("update shard_snapshot set page_table = zeroblob(28) where owner_id = 1", "manifest 3")]
    [InlineData("update shard_snapshot set epoch = 2 where owner_id = 1", "manifest 3")]
    [InlineData("update shard_snapshot set (manifest, page_table, checksum) = (select manifest, page_table, checksum from shard_snapshot where owner_id = 2) where owner_id = 1", "manifest 3")]
    [InlineData("delete from shard_page where owner_id = 1 and page_id = 1", "page 1")]
    [InlineData("update shard_page set content = substr(content, 2) where owner_id = 1 and page_id = 2", "page 2")]
    [InlineData("update shard_page set checksum = 0 where owner_id = 1 and page_id = 2", "page 2")]
    [InlineData("update shard_page set format = 0 where owner_id = 1 and page_id = 2", "page 2")]
    [InlineData("update shard_page set (content, checksum) = (select content, checksum from shard_page where owner_id = 1 and page_id = 1) where owner_id = 1 and page_id = 2", "page 2")]
    [InlineData("update shard_page set content = (select content from shard_page where owner_id = 2 and page_id = 2) where owner_id = 1 and page_id = 2", "page 2")]
    public async Task DamagedShard_IsNamed_AndItsNeighbourIsServed(string damage, string named)
    {
        var store = await FillAsync();
        Assert.True(SqliteTable.Execute(_backend.DatabasePath, damage) > 0);
        await AssertCorruptAsync(store, named);

        var neighbour = await TakeAsync(store, Blocks.ShardOf(1), "b");
        Assert.Equal("manifest 3 [1=one of 1, 2=two of 1] + 4@1=block 4 of 1, 5@1=block 5 of 1, 6@1=block 6 of 1", await DescribeAsync(store, neighbour));
    }

    [Fact]
    public async Task AnyFlippedBit_IsFound()
    {
        var store = await FillAsync();
        var random = new Random(20_261_124);
        (string Table, string Column, string Where, string Named)[] places =
        [
            ("shard_log", "payload", "owner_id = 1 and sequence = 5", "block 5"),
            ("shard_snapshot", "manifest", "owner_id = 1", "manifest 3"),
            ("shard_snapshot", "page_table", "owner_id = 1", "manifest 3"),
            ("shard_page", "content", "owner_id = 1 and page_id = 2", "page 2"),
        ];
        foreach (var place in places)
        {
            for (var i = 0; i < 20; i++)
            {
                var bit = random.Next(0, 10_000);
                SqliteTable.FlipBit(_backend.DatabasePath, place.Table, place.Column, place.Where, bit);
                await AssertCorruptAsync(store, place.Named);
                SqliteTable.FlipBit(_backend.DatabasePath, place.Table, place.Column, place.Where, bit);
            }
        }

        Assert.NotEqual("", await DescribeAsync(store, await TakeAsync(store, Blocks.ShardOf(0), "whole again")));
    }

    [Fact]
    public async Task TornWrite_IsFoundOnTheNextLoad()
    {
        var store = await OpenAsync(new StoreFaults { TearBlock = static (_, sequence, payload) => sequence == 2 ? payload[..^1] : payload });
        var lease = await TakeAsync(store, Blocks.ShardOf(0));
        await AppendManyAsync(store, lease, 1, 3);
        await AssertCorruptAsync(store, "block 2");
    }

    [Fact]
    public async Task DamagedCatalogueEntry_IsNamed()
    {
        var store = await OpenAsync();
        await store.Catalogue.SwapAsync(new CatalogueKey("model", "fraud"), 0, Blocks.Bytes("v1"), Token);
        await store.Catalogue.SwapAsync(new CatalogueKey("model", "churn"), 0, Blocks.Bytes("v2"), Token);
        SqliteTable.FlipBit(_backend.DatabasePath, "catalogue_entry", "body", "name = 'fraud'", 3);
        var error = await Assert.ThrowsAsync<GridException>(() => store.Catalogue.ReadAsync(0, Token));
        Assert.Equal(GridErrorCode.Corrupt, error.Code);
        Assert.Contains("model:fraud", error.Message, StringComparison.Ordinal);
        Assert.NotNull(await store.Catalogue.GetAsync(new CatalogueKey("model", "churn"), Token));
    }

    private async Task<IGridStore> FillAsync()
    {
        var store = await OpenAsync();
        for (var shard = 0; shard < 2; shard++)
        {
            var lease = await TakeAsync(store, Blocks.ShardOf(shard));
            for (var sequence = 1; sequence <= 6; sequence++)
            {
                await AppendAsync(store, lease, sequence, $"block {sequence} of {shard}");
            }

            var outcome = await SnapshotAsync(store, lease, 3, [1, 2], (1, $"one of {shard}"), (2, $"two of {shard}"));
            Assert.Equal((SnapshotStatus.Switched, null), (outcome.Status, outcome.Error));
        }

        return store;
    }

    private static async Task AssertCorruptAsync(IGridStore store, string named)
    {
        var lease = await TakeAsync(store, Blocks.ShardOf(0), "b");
        var error = await Assert.ThrowsAsync<GridException>(() => store.Shards.LoadAsync(lease, Token));
        Assert.Equal(GridErrorCode.Corrupt, error.Code);
        Assert.StartsWith($"shard 'default/acme/0' {named}", error.Error.Target, StringComparison.Ordinal);
        Assert.Contains("Expected", error.Error.Message, StringComparison.Ordinal);
        Assert.Contains("found", error.Error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Error.Fix);
    }
}
