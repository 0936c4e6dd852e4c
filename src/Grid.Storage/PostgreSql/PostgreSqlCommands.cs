using Npgsql;
using NpgsqlTypes;

namespace Grid.Storage.PostgreSql;

/// <summary>Commands with positional parameters. Connections prepare by themselves what runs often.</summary>
internal static class PostgreSqlCommands
{
    /// <param name="connection">An open connection.</param>
    /// <param name="sql">A constant.</param>
    public static NpgsqlCommand Sql(this NpgsqlConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this assembly.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    public static NpgsqlCommand Bind<T>(this NpgsqlCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    public static NpgsqlCommand BindBytes(this NpgsqlCommand command, ReadOnlyMemory<byte>? value)
    {
        command.Parameters.Add(value is { } bytes
            ? new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = bytes, NpgsqlDbType = NpgsqlDbType.Bytea }
            : new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea });
        return command;
    }

    /// <summary>Runs the command, disposes it, and reads every row.</summary>
    public static async Task<List<T>> ReadAllAsync<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var _ = command;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Runs the command, disposes it, and returns how many rows it changed.</summary>
    public static async Task<int> RunAsync(this NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var _ = command;
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Runs the command, disposes it, and returns the first value of its first row; the default if it has none.</summary>
    public static async Task<T?> ScalarAsync<T>(this NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var _ = command;
        return await command.ExecuteScalarAsync(cancellationToken) is T value ? value : default;
    }
}
