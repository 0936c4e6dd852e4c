using Grid.Storage.Tests.Backends;
using Grid.Storage.Tests.Conformance;

namespace Grid.Storage.Tests.Sqlite;

public sealed class SqliteCorruptionTests : CorruptionConformance
{
    private readonly SqliteBackend _backend;

    public SqliteCorruptionTests() : this(new SqliteBackend())
    {
    }

    private SqliteCorruptionTests(SqliteBackend backend) : base(backend) => _backend = backend;

    [Theory]
    [MemberData(nameof(Damages))]
    [InlineData("update shard_log set position = position + 90 where owner_id = 1 and sequence = 5", "block 5")]
    [InlineData("update shard_log set position = position + 93 where owner_id = 1 and sequence = 6", "block 6")]
    [InlineData("update shard_snapshot set manifest = x'00' where owner_id = 1", "manifest 3")]
    [InlineData("update shard_snapshot set page_table = zeroblob(28) where owner_id = 1", "manifest 3")]
    public Task DamagedShard_IsNamed_AndItsNeighbourIsServed(string damage, string named) => AssertDamagedShardIsNamedAndItsNeighbourServedAsync(damage, named);

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
}
