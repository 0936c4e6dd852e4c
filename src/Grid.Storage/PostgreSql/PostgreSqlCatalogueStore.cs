using Npgsql;

namespace Grid.Storage.PostgreSql;

/// <summary>The catalogue of a PostgreSQL store.</summary>
internal sealed class PostgreSqlCatalogueStore(PostgreSqlPool readers, PostgreSqlPool writers) : ICatalogueStore
{
    public Task<CatalogueChanges> ReadAsync(long sinceRevision, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            async (connection, token) =>
            {
                var revision = await connection.Sql(SelectRevision).ScalarAsync<long>(token);
                var isWhole = sinceRevision <= 0 || sinceRevision > revision;
                var entries = await connection.Sql(SelectSince).Bind(isWhole ? 0 : sinceRevision).ReadAllAsync(ReadRow, token);
                if (isWhole)
                {
                    entries.RemoveAll(static entry => entry.IsDeleted);
                }

                return new CatalogueChanges(revision, isWhole, entries);
            },
            cancellationToken);

    public async Task<CatalogueEntry?> GetAsync(CatalogueKey key, CancellationToken cancellationToken)
    {
        CatalogueChecks.Require(key);
        return await readers.RunAsync((connection, token) => FindAsync(connection, key, token), cancellationToken) is { IsDeleted: false } entry ? entry : null;
    }

    public Task<SwapOutcome> SwapAsync(CatalogueKey key, long expectedVersion, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        CatalogueChecks.RequireSwap(key, expectedVersion);
        return ChangeAsync(key, expectedVersion, body, cancellationToken);
    }

    public Task<SwapOutcome> DeleteAsync(CatalogueKey key, long expectedVersion, CancellationToken cancellationToken)
    {
        CatalogueChecks.RequireDelete(key, expectedVersion);
        return ChangeAsync(key, expectedVersion, null, cancellationToken);
    }

    private Task<SwapOutcome> ChangeAsync(CatalogueKey key, long expectedVersion, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken) =>
        writers.WriteAsync(
            async (connection, token) =>
            {
                // Changes take turns at this row, and whoever has it sees all that came before; so revisions are in the order of the commits.
                var rows = await connection.Sql(LockRevision).ReadAllAsync(static row => row.GetInt64(0), token);
                var revision = rows.Count == 1 ? rows[0] + 1 : throw PostgreSqlErrors.Rows.Corrupt("catalogue", "Expected the row of the revision, found none.");
                var current = await FindAsync(connection, key, token);
                if (!CatalogueChecks.Fits(current, expectedVersion))
                {
                    return new SwapOutcome(false, current);
                }

                var entry = CatalogueChecks.Next(key, current, revision, body);
                await connection.Sql(UpdateRevision).Bind(revision).RunAsync(token);
                await connection.Sql(UpsertEntry)
                    .Bind(EscapedText.Escape(key.Kind))
                    .Bind(EscapedText.Escape(key.Name))
                    .Bind(entry.Version)
                    .Bind(revision)
                    .Bind((short)RowChecksum.Format)
                    .Bind(RowVerifier.ChecksumOf(entry))
                    .BindBytes(body)
                    .RunAsync(token);
                return new SwapOutcome(true, entry);
            },
            mayRepeat: false,
            cancellationToken);

    private static async Task<CatalogueEntry?> FindAsync(NpgsqlConnection connection, CatalogueKey key, CancellationToken cancellationToken) =>
        (await connection.Sql(SelectEntry).Bind(EscapedText.Escape(key.Kind)).Bind(EscapedText.Escape(key.Name)).ReadAllAsync(ReadRow, cancellationToken)).FirstOrDefault();

    private static CatalogueEntry ReadRow(NpgsqlDataReader row)
    {
        // A null array would convert to an empty body, not to none.
        ReadOnlyMemory<byte>? body = row.IsDBNull(6) ? default(ReadOnlyMemory<byte>?) : row.GetFieldValue<byte[]>(6);
        var key = new CatalogueKey(EscapedText.Unescape(row.GetString(0)), EscapedText.Unescape(row.GetString(1)));
        return PostgreSqlErrors.Rows.Entry(new CatalogueEntry(key, row.GetInt64(2), row.GetInt64(3), body), row.GetInt16(4), row.GetInt64(5));
    }

    private const string SelectRevision = "select revision from catalogue_revision where id = 1";

    private const string LockRevision = "select revision from catalogue_revision where id = 1 for no key update";

    private const string UpdateRevision = "update catalogue_revision set revision = $1 where id = 1";

    private const string SelectSince =
        "select kind, name, version, revision, format, checksum, body from catalogue_entry where revision > $1 order by revision";

    private const string SelectEntry =
        "select kind, name, version, revision, format, checksum, body from catalogue_entry where kind = $1 and name = $2";

    private const string UpsertEntry = """
        insert into catalogue_entry (kind, name, version, revision, format, checksum, body) values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (kind, name) do update set version = excluded.version, revision = excluded.revision,
            format = excluded.format, checksum = excluded.checksum, body = excluded.body
        """;
}
