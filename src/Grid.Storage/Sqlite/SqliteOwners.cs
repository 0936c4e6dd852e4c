using Grid.Primitives;

namespace Grid.Storage.Sqlite;

/// <summary>Reads owner rows.</summary>
internal static class SqliteOwners
{
    private const string SelectId = "select id from shard_owner where workspace = ?1 and tenant = ?2 and shard = ?3";

    private const string SelectRow = "select epoch, last_sequence, base_sequence, owner from shard_owner where id = ?1";

    /// <summary>The number of a shard, or 0.</summary>
    public static long Find(SqliteDatabase database, ShardKey shard) =>
        database.Statement(SelectId).Bind(1, shard.Workspace).Bind(2, shard.Tenant).Bind(3, shard.Shard).RunScalar() ?? 0;

    public static OwnerRow Read(SqliteDatabase database, long id)
    {
        var statement = database.Statement(SelectRow).Bind(1, id);
        var row = statement.Step() ? new OwnerRow(id, statement.Int64(0), statement.Int64(1), statement.Int64(2), statement.Text(3)) : default;
        statement.Reset();
        return row;
    }

    public static OwnerRow Read(SqliteDatabase database, ShardKey shard) =>
        Find(database, shard) is not 0 and var id ? Read(database, id) : default;
}
