using Grid.Primitives;

namespace Grid.Storage.Sqlite;

/// <summary>The frontiers of a SQLite store.</summary>
internal sealed class SqliteFrontierStore(SqliteReaders readers, SqliteLane writer) : IFrontierStore
{
    public Task<FrontierRow> TakeAsync(SourcePartitionKey key, string reader, CancellationToken cancellationToken)
    {
        var first = FrontierRow.First(key, reader);
        Require(first);
        return string.IsNullOrEmpty(reader)
            ? throw GridError.Invalid("reader", "is empty.", "Name who takes the partition.").ToException()
            : writer.RunAsync(
                database => database.Write(db =>
                {
                    var row = Find(db, key) is { } stored ? stored with { Epoch = stored.Epoch + 1, Reader = reader } : first;
                    Upsert(db, row);
                    return row;
                }),
                cancellationToken);
    }

    public Task<FrontierOutcome> StoreAsync(FrontierRow row, CancellationToken cancellationToken)
    {
        Require(row);
        return writer.RunAsync(
            database => database.Write(db =>
            {
                var stored = Find(db, row.Key);
                if (stored is null || stored.Epoch != row.Epoch)
                {
                    return new FrontierOutcome(false, stored?.Epoch ?? 0);
                }

                if (!row.Follows(stored))
                {
                    throw FrontierErrors.Backwards(row, stored).ToException();
                }

                Upsert(db, row);
                return new FrontierOutcome(true, row.Epoch);
            }),
            cancellationToken);
    }

    public Task<FrontierRow?> GetAsync(SourcePartitionKey key, CancellationToken cancellationToken) =>
        readers.ReadAsync(database => Find(database, key), cancellationToken);

    public Task<IReadOnlyList<FrontierRow>> ReadAsync(string feed, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<FrontierRow>>(
            database =>
            {
                var found = new List<FrontierRow>();
                var rows = database.Statement(SelectFeed).Bind(1, feed);
                while (rows.Step())
                {
                    found.Add(ReadRow(rows));
                }

                return found;
            },
            cancellationToken);

    private static void Upsert(SqliteDatabase database, FrontierRow row) =>
        database.Statement(UpsertRow)
            .Bind(1, row.Key.Feed)
            .Bind(2, row.Key.Partition)
            .Bind(3, row.Epoch)
            .Bind(4, row.Reader)
            .Bind(5, row.Frontier)
            .Bind(6, row.Routing)
            .Bind(7, row.RoutingStart)
            .Bind(8, RowChecksum.Format)
            .Bind(9, RowChecksum.Frontier(row))
            .Bind(10, row.Metadata.Span)
            .Run();

    private static FrontierRow? Find(SqliteDatabase database, SourcePartitionKey key)
    {
        var rows = database.Statement(SelectRow).Bind(1, key.Feed).Bind(2, key.Partition);
        var row = rows.Step() ? ReadRow(rows) : null;
        rows.Reset();
        return row;
    }

    private static FrontierRow ReadRow(SqliteStatement rows)
    {
        var row = new FrontierRow(
            new SourcePartitionKey(rows.Text(0), (int)rows.Int64(1)), rows.Int64(2), rows.Text(3), rows.Int64(4), rows.Int64(5), rows.Int64(6), rows.Blob(9).ToArray());
        return FrontierErrors.Verify(row, rows.Int64(7), rows.Int64(8));
    }

    private static void Require(FrontierRow row)
    {
        if (row.Check() is { } error)
        {
            throw error.ToException();
        }
    }

    private const string Columns = "feed, partition, epoch, reader, frontier, routing, routing_start, format, checksum, metadata";

    private const string SelectRow = $"select {Columns} from source_frontier where feed = ?1 and partition = ?2";

    private const string SelectFeed = $"select {Columns} from source_frontier where feed = ?1 order by partition";

    private const string UpsertRow = $"""
        insert into source_frontier ({Columns}) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        on conflict (feed, partition) do update set epoch = excluded.epoch, reader = excluded.reader, frontier = excluded.frontier,
            routing = excluded.routing, routing_start = excluded.routing_start, format = excluded.format, checksum = excluded.checksum, metadata = excluded.metadata
        """;
}
