using Grid.Primitives;

namespace Grid.Storage.Sqlite;

/// <summary>The catalogue of a SQLite store.</summary>
internal sealed class SqliteCatalogueStore(SqliteReaders readers, SqliteLane writer) : ICatalogueStore
{
    public Task<CatalogueChanges> ReadAsync(long sinceRevision, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            database =>
            {
                var revision = database.Statement(SelectRevision).RunScalar() ?? 0;
                var isWhole = sinceRevision <= 0 || sinceRevision > revision;
                var rows = database.Statement(SelectSince).Bind(1, isWhole ? 0 : sinceRevision);
                var entries = new List<CatalogueEntry>();
                while (rows.Step())
                {
                    var entry = ReadRow(rows);
                    if (!isWhole || !entry.IsDeleted)
                    {
                        entries.Add(entry);
                    }
                }

                return new CatalogueChanges(revision, isWhole, entries);
            },
            cancellationToken);

    public Task<CatalogueEntry?> GetAsync(CatalogueKey key, CancellationToken cancellationToken)
    {
        Require(key);
        return readers.ReadAsync(database => Find(database, key) is { IsDeleted: false } entry ? entry : null, cancellationToken);
    }

    public Task<SwapOutcome> SwapAsync(CatalogueKey key, long expectedVersion, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        Require(key);
        return expectedVersion >= 0
            ? writer.RunAsync(database => database.Write(db => Swap(db, key, expectedVersion, body)), cancellationToken)
            : throw GridError.Invalid($"catalogue entry '{key}'", $"has no version {expectedVersion}.", "Expect 0 to create it, and the version you read to change it.").ToException();
    }

    public Task<SwapOutcome> DeleteAsync(CatalogueKey key, long expectedVersion, CancellationToken cancellationToken)
    {
        Require(key);
        return expectedVersion >= 1
            ? writer.RunAsync(database => database.Write(db => Swap(db, key, expectedVersion, null)), cancellationToken)
            : throw GridError.Invalid($"catalogue entry '{key}'", $"has no version {expectedVersion} to delete.", "Expect the version you read.").ToException();
    }

    private static SwapOutcome Swap(SqliteDatabase database, CatalogueKey key, long expectedVersion, ReadOnlyMemory<byte>? body)
    {
        var current = Find(database, key);
        var liveVersion = current is { IsDeleted: false } ? current.Version : 0;
        if (liveVersion != expectedVersion)
        {
            return new SwapOutcome(false, current);
        }

        // A tombstone's version goes on counting, so that a holder of an old version never mistakes a new entry for its own.
        var version = (current?.Version ?? 0) + 1;
        var revision = database.Statement(NextRevision).RunScalar() ?? throw SqliteErrors.Corrupt("catalogue", "Expected the row of the revision, found none.").ToException();
        var entry = new CatalogueEntry(key, version, revision, body);
        var statement = database.Statement(UpsertEntry)
            .Bind(1, key.Kind)
            .Bind(2, key.Name)
            .Bind(3, version)
            .Bind(4, revision)
            .Bind(5, RowChecksum.Format)
            .Bind(6, ChecksumOf(entry));
        _ = body is { } bytes ? statement.Bind(7, bytes.Span) : statement.BindNull(7);
        statement.Run();
        return new SwapOutcome(true, entry);
    }

    private static CatalogueEntry? Find(SqliteDatabase database, CatalogueKey key)
    {
        var row = database.Statement(SelectEntry).Bind(1, key.Kind).Bind(2, key.Name);
        var entry = row.Step() ? ReadRow(row) : null;
        row.Reset();
        return entry;
    }

    private static CatalogueEntry ReadRow(SqliteStatement row)
    {
        var key = new CatalogueKey(row.Text(0), row.Text(1));
        // A null array would convert to an empty body, not to none.
        ReadOnlyMemory<byte>? body = row.IsNull(6) ? default(ReadOnlyMemory<byte>?) : row.Blob(6).ToArray();
        var entry = new CatalogueEntry(key, row.Int64(2), row.Int64(3), body);
        if (row.Int64(4) != RowChecksum.Format)
        {
            throw SqliteErrors.Corrupt($"catalogue entry '{key}'", $"Expected format {RowChecksum.Format}, found format {row.Int64(4)}.").ToException();
        }

        return ChecksumOf(entry) is var computed && computed == row.Int64(5)
            ? entry
            : throw SqliteErrors.Corrupt($"catalogue entry '{key}'", $"Expected checksum {row.Int64(5):x16}, found {computed:x16}.").ToException();
    }

    private static long ChecksumOf(CatalogueEntry entry) =>
        RowChecksum.CatalogueEntry(entry.Key, entry.Version, entry.Revision, entry.Body is { } body ? body.Span : default);

    private static void Require(CatalogueKey key)
    {
        if (string.IsNullOrEmpty(key.Kind) || string.IsNullOrEmpty(key.Name))
        {
            throw GridError.Invalid($"catalogue entry '{key}'", "has an empty kind or name.", "Name both.").ToException();
        }
    }

    private const string SelectRevision = "select revision from catalogue_revision where id = 1";

    private const string NextRevision = "update catalogue_revision set revision = revision + 1 where id = 1 returning revision";

    private const string SelectSince =
        "select kind, name, version, revision, format, checksum, body from catalogue_entry where revision > ?1 order by revision";

    private const string SelectEntry =
        "select kind, name, version, revision, format, checksum, body from catalogue_entry where kind = ?1 and name = ?2";

    private const string UpsertEntry = """
        insert into catalogue_entry (kind, name, version, revision, format, checksum, body) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        on conflict (kind, name) do update set version = excluded.version, revision = excluded.revision,
            format = excluded.format, checksum = excluded.checksum, body = excluded.body
        """;
}
