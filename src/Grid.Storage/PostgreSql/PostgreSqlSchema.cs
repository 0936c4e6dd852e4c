using System.Buffers.Binary;
using System.IO.Hashing;
using System.Reflection;
using System.Text;
using DbUp;
using Grid.Primitives;
using Npgsql;

namespace Grid.Storage.PostgreSql;

/// <summary>Brings a schema to the one of this build. An advisory lock keeps the silos that start at the same time from doing so twice.</summary>
internal static class PostgreSqlSchema
{
    private const string Journal = "grid_schema";
    private const string ScriptPrefix = "postgresql/";

    /// <summary>The oldest server that is tried: what the statements use is in it, and older ones have no support any more.</summary>
    private const int OldestVersion = 14;

    /// <param name="connectionString">The database, with the schema as its search path.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="target">The database, as an operator finds it.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    /// <exception cref="GridException">The database cannot be reached, the user may not create there, or the schema is another program's or a newer build's.</exception>
    public static async Task UpgradeAsync(string connectionString, string schema, string target, CancellationToken cancellationToken)
    {
        try
        {
            await using var source = NpgsqlDataSource.Create(connectionString);
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            if (connection.PostgreSqlVersion.Major < OldestVersion)
            {
                throw new GridError(GridErrorCode.FailedPrecondition, target, $"is PostgreSQL {connection.PostgreSqlVersion}.", $"Use version {OldestVersion} or later.").ToException();
            }

            // Held by this session, so that it ends with the process however that ends.
            await using (var wait = connection.Sql("select pg_advisory_lock($1)").Bind(LockKey(schema)))
            {
                // Another silo's migration takes as long as it takes; the caller's token ends the wait.
                wait.CommandTimeout = 0;
                await wait.ExecuteNonQueryAsync(cancellationToken);
            }

            // Only if it is not there: the statement needs a right that a user of a ready schema may lack.
            if (!await connection.Sql("select exists (select from pg_namespace where nspname = $1)").Bind(schema).ScalarAsync<bool>(cancellationToken))
            {
                await connection.Sql($"create schema if not exists {schema}").RunAsync(cancellationToken);
            }

            await CheckAsync(connection, schema, target, cancellationToken);
            await Task.Run(() => Migrate(connectionString, schema, target), cancellationToken);
        }
        catch (Exception failure) when (PostgreSqlErrors.IsEngine(failure))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new GridException(PostgreSqlErrors.Describe(failure, target), failure);
        }
    }

    private static void Migrate(string connectionString, string schema, string target)
    {
        var result = DeployChanges.To
            .PostgresqlDatabase(connectionString, schema)
            .WithScriptsEmbeddedInAssembly(typeof(PostgreSqlSchema).Assembly, static name => name.StartsWith(ScriptPrefix, StringComparison.Ordinal))
            .JournalToPostgresqlTable(schema, Journal)
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
        {
            throw result.Error is NpgsqlException failure
                ? failure
                : new GridException(
                    new GridError(GridErrorCode.Internal, target, $"Migration '{result.ErrorScript?.Name}' failed: {result.Error?.Message}"),
                    result.Error!);
        }
    }

    private static async Task CheckAsync(NpgsqlConnection connection, string schema, string target, CancellationToken cancellationToken)
    {
        var tables = await connection.Sql("select tablename from pg_tables where schemaname = $1").Bind(schema).ReadAllAsync(static row => row.GetString(0), cancellationToken);
        if (tables.Count == 0)
        {
            return;
        }

        if (!tables.Contains(Journal))
        {
            throw new GridError(GridErrorCode.FailedPrecondition, target, $"has another program's tables in the schema '{schema}'.", "Choose another schema, or another database.").ToException();
        }

        var known = Assembly.GetExecutingAssembly().GetManifestResourceNames().ToHashSet(StringComparer.Ordinal);
        var applied = await connection.Sql($"select scriptname from {schema}.{Journal} order by schemaversionsid").ReadAllAsync(static row => row.GetString(0), cancellationToken);
        if (applied.LastOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new GridError(
                GridErrorCode.FailedPrecondition,
                target,
                $"was written by a newer build of Grid: it has the migration '{unknown}', and the newest of this build is '{known.Where(static n => n.StartsWith(ScriptPrefix, StringComparison.Ordinal)).Max(StringComparer.Ordinal)}'.",
                "Run that build or a later one, or choose another schema.").ToException();
        }
    }

    private static long LockKey(string schema)
    {
        Span<byte> hash = stackalloc byte[8];
        XxHash3.Hash(Encoding.UTF8.GetBytes($"grid schema {schema}"), hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }
}
