using Microsoft.Data.Sqlite;

namespace Grid.Storage.Tests.Sqlite;

/// <summary>Reaches around a store into its database file, as a bad disk or an operator would.</summary>
internal static class SqliteTable
{
    public static int Execute(string path, string sql, params (string Name, object Value)[] parameters)
    {
        using var connection = Open(path);
        using var command = Command(connection, sql, parameters);
        return command.ExecuteNonQuery();
    }

    public static long Count(string path, string sql)
    {
        using var connection = Open(path);
        using var command = Command(connection, sql, []);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Flips one bit of a blob in the only row that matches.</summary>
    public static void FlipBit(string path, string table, string column, string where, int bit)
    {
        using var connection = Open(path);
        using var read = Command(connection, $"select {column} from {table} where {where}", []);
        var bytes = (byte[])read.ExecuteScalar()!;
        bytes[bit / 8 % bytes.Length] ^= (byte)(1 << (bit % 8));
        using var write = Command(connection, $"update {table} set {column} = $bytes where {where}", [("$bytes", bytes)]);
        Assert.Equal(1, write.ExecuteNonQuery());
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
