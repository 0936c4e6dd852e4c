using Npgsql;

namespace Grid.Storage.PostgreSql;

/// <summary>The documents of a PostgreSQL store.</summary>
internal sealed class PostgreSqlDocumentStore(PostgreSqlPool readers, PostgreSqlPool writers) : IDocumentStore
{
    public async Task<StoredDocument?> GetAsync(DocumentKey key, CancellationToken cancellationToken)
    {
        DocumentChecks.Require(key);
        return (await readers.RunAsync(
            (connection, token) => connection.Sql(SelectOne).Bind(EscapedText.Escape(key.Kind)).Bind(EscapedText.Escape(key.Name)).ReadAllAsync(row => ReadRow(row, key.Kind), token),
            cancellationToken)).FirstOrDefault();
    }

    public async Task<IReadOnlyList<StoredDocument>> ListAsync(string kind, string prefix, string after, int max, CancellationToken cancellationToken)
    {
        DocumentChecks.RequirePage(max);
        return await readers.RunAsync(
            (connection, token) => connection.Sql(SelectPage)
                .Bind(EscapedText.Escape(kind))
                .Bind(EscapedText.Escape(after))
                .Bind(EscapedText.Escape(prefix))
                .Bind(max)
                .ReadAllAsync(row => ReadRow(row, kind), token),
            cancellationToken);
    }

    public async Task<IReadOnlyList<string>> DueAsync(string kind, long nowMs, int max, CancellationToken cancellationToken)
    {
        DocumentChecks.RequirePage(max);
        return await readers.RunAsync(
            (connection, token) => connection.Sql(SelectDue).Bind(EscapedText.Escape(kind)).Bind(nowMs).Bind(max).ReadAllAsync(static row => EscapedText.Unescape(row.GetString(0)), token),
            cancellationToken);
    }

    public Task<bool> SwapAsync(IReadOnlyList<DocumentSwap> swaps, CancellationToken cancellationToken)
    {
        DocumentChecks.RequireSwaps(swaps);

        // One order for everybody, so that two calls never wait for each other.
        DocumentSwap[] ordered = [.. swaps.OrderBy(static s => s.Key.Kind, StringComparer.Ordinal).ThenBy(static s => s.Key.Name, StringComparer.Ordinal)];
        return writers.WriteAsync(
            async (connection, token) =>
            {
                for (var i = 0; i < ordered.Length; i++)
                {
                    if (await WriteAsync(connection, ordered[i], token) == 0)
                    {
                        // What was written before it shall not be: a savepoint has the effect of a rollback here and leaves the commit to the pool.
                        if (i > 0)
                        {
                            await connection.Sql("rollback to savepoint before_swaps").RunAsync(token);
                        }

                        return false;
                    }
                }

                return true;
            },
            mayRepeat: false,
            cancellationToken);

        async Task<int> WriteAsync(NpgsqlConnection connection, DocumentSwap swap, CancellationToken token)
        {
            if (ReferenceEquals(swap, ordered[0]))
            {
                await connection.Sql("savepoint before_swaps").RunAsync(token);
            }

            string kind = EscapedText.Escape(swap.Key.Kind), name = EscapedText.Escape(swap.Key.Name);
            if (swap.Body is not { } body)
            {
                return await connection.Sql(Remove).Bind(kind).Bind(name).Bind(swap.ExpectedVersion).RunAsync(token);
            }

            var document = new StoredDocument(swap.Key, swap.ExpectedVersion + 1, swap.DueMs, body);
            return await connection.Sql(swap.ExpectedVersion == 0 ? Insert : Update)
                .Bind(kind)
                .Bind(name)
                .Bind(document.Version)
                .Bind(swap.DueMs)
                .Bind((short)RowChecksum.Format)
                .Bind(DocumentChecks.ChecksumOf(document))
                .BindBytes(body)
                .RunAsync(token);
        }
    }

    private static StoredDocument ReadRow(NpgsqlDataReader row, string kind) => PostgreSqlErrors.Rows.Document(
        new StoredDocument(
            new DocumentKey(kind, EscapedText.Unescape(row.GetString(0))),
            row.GetInt64(1),
            row.IsDBNull(2) ? null : row.GetInt64(2),
            row.GetFieldValue<byte[]>(5)),
        row.GetInt16(3),
        row.GetInt64(4));

    private const string SelectOne = "select name, version, due_ms, format, checksum, body from document where kind = $1 and name = $2";

    private const string SelectPage =
        "select name, version, due_ms, format, checksum, body from document where kind = $1 and name > $2 and starts_with(name, $3) order by name limit $4";

    private const string SelectDue = "select name from document where kind = $1 and due_ms <= $2 order by due_ms, name limit $3";

    private const string Insert = """
        insert into document (kind, name, version, due_ms, format, checksum, body) values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (kind, name) do nothing
        """;

    private const string Update = """
        update document set version = $3, due_ms = $4, format = $5, checksum = $6, body = $7
        where kind = $1 and name = $2 and version = $3 - 1
        """;

    private const string Remove = "delete from document where kind = $1 and name = $2 and version = $3";
}
