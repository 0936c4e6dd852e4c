using Grid.Primitives;
using Npgsql;

namespace Grid.Storage.PostgreSql;

/// <summary>Reads owner rows.</summary>
internal static class PostgreSqlOwners
{
    private const string SelectByShard =
        "select id, epoch, last_sequence, base_sequence, owner from shard_owner where workspace = $1 and tenant = $2 and shard = $3";

    private const string SelectById = "select id, epoch, last_sequence, base_sequence, owner from shard_owner where id = $1";

    /// <summary>The row of a shard; the default if it has none.</summary>
    public static async Task<OwnerRow> ReadAsync(NpgsqlConnection connection, ShardKey shard, CancellationToken cancellationToken) =>
        (await connection.Sql(SelectByShard).Bind(shard.Workspace).Bind(shard.Tenant).Bind(shard.Shard).ReadAllAsync(Row, cancellationToken)).FirstOrDefault();

    public static async Task<OwnerRow> ReadAsync(NpgsqlConnection connection, long id, CancellationToken cancellationToken) =>
        (await connection.Sql(SelectById).Bind(id).ReadAllAsync(Row, cancellationToken)).FirstOrDefault();

    private static OwnerRow Row(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetString(4));
}
