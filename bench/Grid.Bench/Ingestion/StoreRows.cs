using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Grid.Bench.Ingestion;

/// <summary>Counts what a silo has written to its store.</summary>
internal sealed class StoreRows(string stateFolder, string? postgreSql)
{
    /// <summary>Blocks appended to the logs of all shards so far; each is a row.</summary>
    public async Task<long> BlocksAsync()
    {
        await using DbConnection connection = postgreSql is null
            ? new SqliteConnection($"Data Source={Path.Combine(stateFolder, Storage.Sqlite.SqliteGridStore.DatabaseName)};Mode=ReadOnly;Pooling=False")
            : new NpgsqlConnection($"{postgreSql};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = postgreSql is null ? "select coalesce(sum(last_sequence), 0) from shard_owner" : "select coalesce(sum(last_sequence), 0)::bigint from grid.shard_owner";
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
