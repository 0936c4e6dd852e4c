namespace Grid.Storage.Sqlite;

/// <summary>The documents of a SQLite store.</summary>
internal sealed class SqliteDocumentStore(SqliteReaders readers, SqliteLane writer) : IDocumentStore
{
    public Task<StoredDocument?> GetAsync(DocumentKey key, CancellationToken cancellationToken)
    {
        DocumentChecks.Require(key);
        return readers.ReadAsync(
            database =>
            {
                var row = database.Statement(SelectOne).Bind(1, key.Kind).Bind(2, key.Name);
                var document = row.Step() ? ReadRow(row, key.Kind) : null;
                row.Reset();
                return document;
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<StoredDocument>> ListAsync(string kind, string prefix, string after, int max, CancellationToken cancellationToken)
    {
        DocumentChecks.RequirePage(max);
        return readers.ReadAsync<IReadOnlyList<StoredDocument>>(
            database =>
            {
                var documents = new List<StoredDocument>();
                var rows = database.Statement(SelectPage).Bind(1, kind).Bind(2, after).Bind(3, prefix).Bind(4, max);
                while (rows.Step())
                {
                    documents.Add(ReadRow(rows, kind));
                }

                return documents;
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<string>> DueAsync(string kind, long nowMs, int max, CancellationToken cancellationToken)
    {
        DocumentChecks.RequirePage(max);
        return readers.ReadAsync<IReadOnlyList<string>>(
            database =>
            {
                var names = new List<string>();
                var rows = database.Statement(SelectDue).Bind(1, kind).Bind(2, nowMs).Bind(3, max);
                while (rows.Step())
                {
                    names.Add(rows.Text(0));
                }

                return names;
            },
            cancellationToken);
    }

    public Task<bool> SwapAsync(IReadOnlyList<DocumentSwap> swaps, CancellationToken cancellationToken)
    {
        DocumentChecks.RequireSwaps(swaps);
        return writer.RunAsync(
            database => database.Write(db =>
            {
                // Looked at first: nothing is written unless everything fits.
                foreach (var swap in swaps)
                {
                    if ((db.Statement(SelectVersion).Bind(1, swap.Key.Kind).Bind(2, swap.Key.Name).RunScalar() ?? 0) != swap.ExpectedVersion)
                    {
                        return false;
                    }
                }

                foreach (var swap in swaps)
                {
                    Write(db, swap);
                }

                return true;
            }),
            cancellationToken);
    }

    private static void Write(SqliteDatabase database, DocumentSwap swap)
    {
        if (swap.Body is not { } body)
        {
            database.Statement(Remove).Bind(1, swap.Key.Kind).Bind(2, swap.Key.Name).Run();
            return;
        }

        var document = new StoredDocument(swap.Key, swap.ExpectedVersion + 1, swap.DueMs, body);
        var statement = database.Statement(Upsert)
            .Bind(1, swap.Key.Kind)
            .Bind(2, swap.Key.Name)
            .Bind(3, document.Version)
            .Bind(5, RowChecksum.Format)
            .Bind(6, DocumentChecks.ChecksumOf(document))
            .Bind(7, body.Span);
        _ = swap.DueMs is { } due ? statement.Bind(4, due) : statement.BindNull(4);
        statement.Run();
    }

    private static StoredDocument ReadRow(SqliteStatement row, string kind) => SqliteErrors.Rows.Document(
        new StoredDocument(new DocumentKey(kind, row.Text(0)), row.Int64(1), row.IsNull(2) ? null : row.Int64(2), row.Blob(5).ToArray()), row.Int64(3), row.Int64(4));

    private const string SelectOne = "select name, version, due_ms, format, checksum, body from document where kind = ?1 and name = ?2";

    private const string SelectPage =
        "select name, version, due_ms, format, checksum, body from document where kind = ?1 and name > ?2 and substr(name, 1, length(?3)) = ?3 order by name limit ?4";

    private const string SelectDue = "select name from document where kind = ?1 and due_ms <= ?2 order by due_ms, name limit ?3";

    private const string SelectVersion = "select version from document where kind = ?1 and name = ?2";

    private const string Upsert = """
        insert into document (kind, name, version, due_ms, format, checksum, body) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        on conflict (kind, name) do update set version = excluded.version, due_ms = excluded.due_ms,
            format = excluded.format, checksum = excluded.checksum, body = excluded.body
        """;

    private const string Remove = "delete from document where kind = ?1 and name = ?2";
}
