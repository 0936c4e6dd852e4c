using Grid.Primitives;
using Npgsql;

namespace Grid.Storage.PostgreSql;

/// <summary>Reads shards and verifies every row. Runs inside one consistent read; nothing it returns is unverified.</summary>
internal static class PostgreSqlShardReader
{
    /// <summary>Pages asked for in one statement: some megabytes on their way at a time.</summary>
    private const int PagesAtATime = 256;

    private static readonly RowVerifier s_rows = PostgreSqlErrors.Rows;

    public static async Task<ShardImage> LoadAsync(NpgsqlConnection connection, ShardLease lease, CancellationToken cancellationToken)
    {
        var owner = await PostgreSqlOwners.ReadAsync(connection, lease.Shard, cancellationToken);
        owner.Require(lease);
        return new ShardImage(
            await LoadSnapshotAsync(connection, owner, lease.Shard, cancellationToken),
            await LoadBlocksAsync(connection, owner, lease.Shard, cancellationToken));
    }

    public static async Task<IReadOnlyList<LogBlock>?> LoadTailAsync(NpgsqlConnection connection, ShardLease lease, long snapshot, long after, CancellationToken cancellationToken)
    {
        var owner = await PostgreSqlOwners.ReadAsync(connection, lease.Shard, cancellationToken);
        owner.Require(lease);
        return owner.HoldsAfter(snapshot, after) ? await LoadBlocksAsync(connection, owner with { BaseSequence = after }, lease.Shard, cancellationToken) : null;
    }

    /// <summary>The pages of one manifest, verified; null if there is no such manifest.</summary>
    public static async Task<(PageRef[] Pages, byte[] Manifest)?> LoadManifestAsync(NpgsqlConnection connection, long ownerId, ShardKey shard, long sequence, CancellationToken cancellationToken)
    {
        var found = await connection.Sql(SelectManifest).Bind(ownerId).Bind(sequence).ReadAllAsync(
            row =>
            {
                var table = row.GetFieldValue<byte[]>(3);
                var manifest = row.GetFieldValue<byte[]>(4);
                return (s_rows.Manifest(shard, row.GetInt64(0), sequence, row.GetInt16(1), row.GetInt64(2), table, manifest), manifest);
            },
            cancellationToken);
        return found.Count == 0 ? null : found[0];
    }

    private static async Task<SnapshotImage?> LoadSnapshotAsync(NpgsqlConnection connection, OwnerRow owner, ShardKey shard, CancellationToken cancellationToken)
    {
        if (owner.BaseSequence == 0)
        {
            return null;
        }

        if (await LoadManifestAsync(connection, owner.Id, shard, owner.BaseSequence, cancellationToken) is not var (refs, manifest))
        {
            throw s_rows.MissingManifest(shard, owner.BaseSequence);
        }

        var pages = new List<SnapshotPage>(refs.Length);
        foreach (var chunk in refs.Chunk(PagesAtATime))
        {
            await LoadPagesAsync(connection, owner.Id, shard, chunk, pages, cancellationToken);
        }

        return new SnapshotImage(owner.BaseSequence, manifest, pages);
    }

    private static async Task LoadPagesAsync(NpgsqlConnection connection, long ownerId, ShardKey shard, PageRef[] refs, List<SnapshotPage> pages, CancellationToken cancellationToken)
    {
        await using var command = connection.Sql(SelectPages)
            .Bind(ownerId)
            .Bind(Array.ConvertAll(refs, static page => page.PageId))
            .Bind(Array.ConvertAll(refs, static page => page.Sequence))
            .Bind(Array.ConvertAll(refs, static page => page.Epoch));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        foreach (var expected in refs)
        {
            if (!await rows.ReadAsync(cancellationToken) || await rows.IsDBNullAsync(2, cancellationToken))
            {
                throw s_rows.MissingPage(shard, expected);
            }

            var content = rows.GetFieldValue<byte[]>(2);
            s_rows.Page(shard, expected, rows.GetInt16(0), rows.GetInt64(1), content);
            pages.Add(new SnapshotPage(expected.PageId, content));
        }
    }

    private static async Task<IReadOnlyList<LogBlock>> LoadBlocksAsync(NpgsqlConnection connection, OwnerRow owner, ShardKey shard, CancellationToken cancellationToken)
    {
        var log = s_rows.Log(shard, owner);
        await using var command = connection.Sql(SelectBlocks).Bind(owner.Id).Bind(owner.BaseSequence);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var payload = rows.GetFieldValue<byte[]>(4);
            log.Add(rows.GetInt64(0), rows.GetInt64(1), rows.GetInt16(2), rows.GetInt64(3), payload, payload);
        }

        return log.End();
    }

    private const string SelectManifest =
        "select epoch, format, checksum, page_table, manifest from shard_snapshot where owner_id = $1 and sequence = $2";

    private const string SelectPages = """
        select p.format, p.checksum, p.content
        from unnest($2, $3, $4) with ordinality as r(page_id, sequence, epoch, place)
        left join shard_page p on p.owner_id = $1 and p.page_id = r.page_id and p.sequence = r.sequence and p.epoch = r.epoch
        order by r.place
        """;

    private const string SelectBlocks =
        "select sequence, epoch, format, checksum, payload from shard_log where owner_id = $1 and sequence > $2 order by sequence";
}
