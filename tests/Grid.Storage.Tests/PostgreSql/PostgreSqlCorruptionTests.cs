using Grid.Storage.Tests.Backends;
using Grid.Storage.Tests.Conformance;

namespace Grid.Storage.Tests.PostgreSql;

public sealed class PostgreSqlCorruptionTests() : CorruptionConformance(new PostgreSqlBackend())
{
    [Theory]
    [MemberData(nameof(Damages))]
    [InlineData("update shard_log set sequence = sequence + 90 where owner_id = 1 and sequence = 5", "block 5")]
    [InlineData("update shard_log set sequence = sequence + 93 where owner_id = 1 and sequence = 6", "block 6")]
    [InlineData("update shard_snapshot set manifest = '\\x00' where owner_id = 1", "manifest 3")]
    [InlineData("update shard_snapshot set page_table = decode(repeat('00', 28), 'hex') where owner_id = 1", "manifest 3")]
    public Task DamagedShard_IsNamed_AndItsNeighbourIsServed(string damage, string named) => AssertDamagedShardIsNamedAndItsNeighbourServedAsync(damage, named);
}
