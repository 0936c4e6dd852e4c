using System.Reflection;
using DbUp;
using Grid.Primitives;
using Microsoft.Data.Sqlite;

namespace Grid.Storage.Sqlite;

/// <summary>Brings a database file to the schema of this build. The hold on the state folder keeps others from doing so at the same time.</summary>
internal static class SqliteSchema
{
    private const string Journal = "grid_schema";
    private const string ScriptPrefix = "sqlite/";

    // 'Grid' in ASCII, as the first migration sets it.
    private const long ApplicationId = 1_198_680_420;

    /// <exception cref="GridException">The file is not a database, not a grid's, of a newer build, or cannot be written.</exception>
    public static void Upgrade(string path)
    {
        try
        {
            using (var connection = new SqliteConnection(SqliteDatabase.ConnectionString(path, SqliteOpenMode.ReadWriteCreate)))
            {
                connection.Open();
                Check(connection, path);
                if (Text(connection, "pragma journal_mode = wal") is not "wal" and var mode)
                {
                    throw new GridError(GridErrorCode.FailedPrecondition, $"database '{path}'", $"The file system does not allow a write-ahead log (mode '{mode}').", "Put the state folder on a local disk.").ToException();
                }
            }

            var result = DeployChanges.To
                .SqliteDatabase(SqliteDatabase.ConnectionString(path, SqliteOpenMode.ReadWrite))
                .WithScriptsEmbeddedInAssembly(typeof(SqliteSchema).Assembly, static name => name.StartsWith(ScriptPrefix, StringComparison.Ordinal))
                .JournalToSqliteTable(Journal)
                .WithTransactionPerScript()
                .LogToNowhere()
                .Build()
                .PerformUpgrade();
            if (!result.Successful)
            {
                throw result.Error is SqliteException failure
                    ? failure
                    : new GridException(
                        new GridError(GridErrorCode.Internal, $"database '{path}'", $"Migration '{result.ErrorScript?.Name}' failed: {result.Error?.Message}"),
                        result.Error!);
            }
        }
        catch (SqliteException failure)
        {
            throw new GridException(SqliteErrors.Describe(failure, path), failure);
        }
    }

    private static void Check(SqliteConnection connection, string path)
    {
        var target = $"database '{path}'";
        if (Number(connection, "select count(*) from sqlite_schema") == 0)
        {
            return;
        }

        var application = Number(connection, "pragma application_id");
        if (application == ApplicationId)
        {
            var known = Assembly.GetExecutingAssembly().GetManifestResourceNames().ToHashSet(StringComparer.Ordinal);
            var unknown = Applied(connection).Where(name => !known.Contains(name)).ToArray();
            if (unknown.Length > 0)
            {
                throw new GridError(
                    GridErrorCode.FailedPrecondition,
                    target,
                    $"was written by a newer build of Grid: it has the migration '{unknown[^1]}', and the newest of this build is '{known.Where(static n => n.StartsWith(ScriptPrefix, StringComparison.Ordinal)).Max(StringComparer.Ordinal)}'.",
                    "Run that build or a later one, or choose another state folder.").ToException();
            }
        }
        else if (Number(connection, $"select count(*) from sqlite_schema where name <> '{Journal}'") > 0)
        {
            // A journal alone is a first start that was interrupted.
            throw new GridError(
                GridErrorCode.FailedPrecondition,
                target,
                $"is a SQLite database of another program (application id {application}).",
                "Choose another state folder.").ToException();
        }
    }

    private static List<string> Applied(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"select ScriptName from {Journal} order by SchemaVersionID";
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are the constants above.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }

    private static string? Text(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are the constants above.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar() as string;
    }
}
