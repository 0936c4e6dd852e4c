namespace Grid.Storage.Sqlite;

/// <summary>The dead letters of a SQLite store.</summary>
internal sealed class SqliteDeadLetterStore(SqliteReaders readers, SqliteLane writer) : IDeadLetterStore
{
    public Task<int> AddAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        DeadLetterChecks.RequireAdd(letters);
        return writer.RunAsync(
            database => database.Write(db =>
            {
                var added = 0;
                foreach (var letter in letters)
                {
                    added += db.Statement(Insert)
                        .Bind(1, letter.Workspace)
                        .Bind(2, letter.Tenant)
                        .Bind(3, letter.Shard)
                        .Bind(4, letter.Source)
                        .Bind(5, letter.Position)
                        .Bind(6, letter.Reason)
                        .Bind(7, letter.Message)
                        .Bind(8, StoredTime.ToMicroseconds(letter.SetAsideAt))
                        .Bind(9, letter.Payload.Span)
                        .Run();
                }

                return added;
            }),
            cancellationToken);
    }

    public Task<IReadOnlyList<StoredDeadLetter>> ReadAsync(string workspace, string tenant, long afterId, int max, CancellationToken cancellationToken)
    {
        DeadLetterChecks.RequireRead(max);
        return readers.ReadAsync<IReadOnlyList<StoredDeadLetter>>(
            database =>
            {
                var letters = new List<StoredDeadLetter>();
                var rows = database.Statement(Select).Bind(1, workspace).Bind(2, tenant).Bind(3, afterId).Bind(4, max);
                while (rows.Step())
                {
                    letters.Add(new StoredDeadLetter(
                        rows.Int64(0),
                        new DeadLetter(
                            workspace,
                            tenant,
                            (int)rows.Int64(1),
                            rows.Text(2),
                            rows.Text(3),
                            rows.Text(4),
                            rows.Text(5),
                            rows.Blob(7).ToArray(),
                            StoredTime.FromMicroseconds(rows.Int64(6)))));
                }

                return letters;
            },
            cancellationToken);
    }

    private const string Insert = """
        insert into dead_letter (workspace, tenant, shard, source, position, reason, message, time_us, payload)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        on conflict (workspace, tenant, shard, source, position) do nothing
        """;

    private const string Select = """
        select id, shard, source, position, reason, message, time_us, payload from dead_letter
        where workspace = ?1 and tenant = ?2 and id > ?3 order by id limit ?4
        """;
}
