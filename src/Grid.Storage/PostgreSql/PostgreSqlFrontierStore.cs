using Grid.Primitives;
using Npgsql;

namespace Grid.Storage.PostgreSql;

/// <summary>The frontiers of a PostgreSQL store.</summary>
internal sealed class PostgreSqlFrontierStore(PostgreSqlPool readers, PostgreSqlPool writers) : IFrontierStore
{
    public Task<FrontierRow> TakeAsync(SourcePartitionKey key, string reader, CancellationToken cancellationToken)
    {
        var first = FrontierRow.First(key, reader);
        Require(first);
        if (string.IsNullOrEmpty(reader))
        {
            throw GridError.Invalid("reader", "is empty.", "Name who takes the partition.").ToException();
        }

        // Taken again after a lost answer, the epoch is one higher than it needs to be, which harms nobody.
        return writers.WriteAsync(
            async (connection, token) =>
            {
                // Two first readers meet here: the second one waits for the first one's row.
                await WriteRowAsync(connection, Insert, first with { Epoch = 0 }, token);
                var stored = await LockAsync(connection, key, token) ?? throw PostgreSqlErrors.Rows.Corrupt("frontier", $"Expected the row of '{key}', found none.");
                var row = stored with { Epoch = stored.Epoch + 1, Reader = reader };
                await WriteRowAsync(connection, Update, row, token);
                return row;
            },
            mayRepeat: true,
            cancellationToken);
    }

    public Task<FrontierOutcome> StoreAsync(FrontierRow row, CancellationToken cancellationToken)
    {
        Require(row);
        return writers.WriteAsync(
            async (connection, token) =>
            {
                var stored = await LockAsync(connection, row.Key, token);
                if (stored is null || stored.Epoch != row.Epoch)
                {
                    return new FrontierOutcome(false, stored?.Epoch ?? 0);
                }

                if (!row.Follows(stored))
                {
                    throw FrontierErrors.Backwards(row, stored).ToException();
                }

                await WriteRowAsync(connection, Update, row, token);
                return new FrontierOutcome(true, row.Epoch);
            },
            mayRepeat: true,
            cancellationToken);
    }

    public Task<FrontierRow?> GetAsync(SourcePartitionKey key, CancellationToken cancellationToken) =>
        readers.RunAsync(
            async (connection, token) =>
                (await connection.Sql(SelectRow).Bind(EscapedText.Escape(key.Feed)).Bind(key.Partition).ReadAllAsync(ReadRow, token)).FirstOrDefault(),
            cancellationToken);

    public Task<IReadOnlyList<FrontierRow>> ReadAsync(string feed, CancellationToken cancellationToken) =>
        readers.RunAsync<IReadOnlyList<FrontierRow>>(
            async (connection, token) => await connection.Sql(SelectFeed).Bind(EscapedText.Escape(feed)).ReadAllAsync(ReadRow, token),
            cancellationToken);

    private static async Task<FrontierRow?> LockAsync(NpgsqlConnection connection, SourcePartitionKey key, CancellationToken cancellationToken) =>
        (await connection.Sql(SelectRow + " for no key update").Bind(EscapedText.Escape(key.Feed)).Bind(key.Partition).ReadAllAsync(ReadRow, cancellationToken)).FirstOrDefault();

    private static Task<int> WriteRowAsync(NpgsqlConnection connection, string statement, FrontierRow row, CancellationToken cancellationToken) =>
        connection.Sql(statement)
            .Bind(EscapedText.Escape(row.Key.Feed))
            .Bind(row.Key.Partition)
            .Bind(row.Epoch)
            .Bind(EscapedText.Escape(row.Reader))
            .Bind(row.Frontier)
            .Bind(row.Routing)
            .Bind(row.RoutingStart)
            .Bind((short)RowChecksum.Format)
            .Bind(RowChecksum.Frontier(row))
            .Bind(row.Metadata.ToArray())
            .RunAsync(cancellationToken);

    private static FrontierRow ReadRow(NpgsqlDataReader row) =>
        FrontierErrors.Verify(
            new FrontierRow(
                new SourcePartitionKey(EscapedText.Unescape(row.GetString(0)), row.GetInt32(1)),
                row.GetInt64(2),
                EscapedText.Unescape(row.GetString(3)),
                row.GetInt64(4),
                row.GetInt64(5),
                row.GetInt64(6),
                row.GetFieldValue<byte[]>(9)),
            row.GetInt16(7),
            row.GetInt64(8));

    private static void Require(FrontierRow row)
    {
        if (row.Check() is { } error)
        {
            throw error.ToException();
        }
    }

    private const string Columns = "feed, partition, epoch, reader, frontier, routing, routing_start, format, checksum, metadata";

    private const string SelectRow = $"select {Columns} from source_frontier where feed = $1 and partition = $2";

    private const string SelectFeed = $"select {Columns} from source_frontier where feed = $1 order by partition";

    private const string Insert = $"insert into source_frontier ({Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (feed, partition) do nothing";

    private const string Update = """
        update source_frontier set epoch = $3, reader = $4, frontier = $5, routing = $6, routing_start = $7, format = $8, checksum = $9, metadata = $10
        where feed = $1 and partition = $2
        """;
}
