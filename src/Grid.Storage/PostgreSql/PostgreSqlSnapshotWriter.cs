using Grid.Primitives;
using NpgsqlTypes;
using Npgsql;

namespace Grid.Storage.PostgreSql;

/// <summary>
/// Writes snapshots on connections of their own. Pages go in with commits that do not wait for the disk; the switch does wait, and the
/// write-ahead log is one stream, so what is before the switch in it is durable with it. Thread-safe.
/// </summary>
internal sealed class PostgreSqlSnapshotWriter(PostgreSqlPool pool, PostgreSqlStoreOptions options, DurabilityWatch durability, StoreInstruments instruments)
    : SnapshotWriter(options, durability, instruments)
{
    /// <summary>Rows removed in one transaction: some milliseconds, so that vacuum and replicas are not held up.</summary>
    private const int RemoveRows = 4_096;

    protected override Task<(OwnerRow Owner, PageRef[] Before)> ReadBeforeAsync(ShardKey shard, CancellationToken cancellationToken) =>
        pool.ReadAsync(
            async (connection, token) =>
            {
                var owner = await PostgreSqlOwners.ReadAsync(connection, shard, token);
                var before = owner.BaseSequence == 0 ? null : await PostgreSqlShardReader.LoadManifestAsync(connection, owner.Id, shard, owner.BaseSequence, token);
                return (owner, before?.Pages ?? []);
            },
            cancellationToken);

    protected override Task<OwnerRow> ReadOwnerAsync(long ownerId, CancellationToken cancellationToken) =>
        pool.RunAsync((connection, token) => PostgreSqlOwners.ReadAsync(connection, ownerId, token), cancellationToken);

    protected override Task<bool> WritePagesAsync(SnapshotPlan plan, int start, int count, CancellationToken cancellationToken) =>
        pool.WriteAsync(
            async (connection, token) =>
            {
                await connection.Sql("set local synchronous_commit = off").RunAsync(token);
                if (await connection.Sql(SelectIfOwner).Bind(plan.Owner.Id).Bind(plan.Epoch).ScalarAsync<int>(token) == 0)
                {
                    return false;
                }

                var (ids, checksums, contents) = (new int[count], new long[count], new ReadOnlyMemory<byte>[count]);
                for (var i = 0; i < count; i++)
                {
                    var page = plan.Change.DirtyPages[start + i];
                    (ids[i], checksums[i], contents[i]) = (page.PageId, plan.ChecksumOf(page), page.Content);
                }

                var command = connection.Sql(UpsertPages).Bind(plan.Owner.Id).Bind(plan.Sequence).Bind(plan.Epoch).Bind((short)RowChecksum.Format).Bind(ids).Bind(checksums);
                command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>[]> { TypedValue = contents, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
                await command.RunAsync(token);
                return true;
            },
            mayRepeat: true,
            cancellationToken,
            () => options.Faults?.Reach(StoreFaultPoint.SnapshotPages, plan.Shard, plan.Sequence));

    protected override async Task<bool> SwitchAsync(SnapshotPlan plan, CancellationToken cancellationToken)
    {
        var now = options.Time.GetUtcNow().ToUnixTimeMilliseconds();
        return await pool.WriteAsync(
            async (connection, token) =>
            {
                // The snapshot that the pages were merged with must still be the one in force.
                var before = plan.Owner;
                await connection.Sql("set local synchronous_commit = on").RunAsync(token);
                if (await connection.Sql(SwitchOwner).Bind(plan.Sequence).Bind(before.Id).Bind(plan.Epoch).Bind(before.BaseSequence).RunAsync(token) == 0)
                {
                    // An attempt before may have been durable, and its answer lost: then the manifest is this very one.
                    return await connection.Sql(SelectSwitched).Bind(before.Id).Bind(plan.Sequence).Bind(plan.Epoch).Bind(plan.Checksum).ScalarAsync<int>(token) != 0;
                }

                await connection.Sql(Supersede).Bind(now).Bind(before.Id).RunAsync(token);
                await connection.Sql(InsertManifest)
                    .Bind(before.Id)
                    .Bind(plan.Sequence)
                    .Bind(plan.Epoch)
                    .Bind((short)RowChecksum.Format)
                    .Bind(plan.Checksum)
                    .BindBytes(plan.PageTable)
                    .BindBytes(plan.Change.Manifest)
                    .RunAsync(token);
                await connection.Sql(ForgetManifests).Bind(before.Id).Bind(now - (long)options.SnapshotGrace.TotalMilliseconds).RunAsync(token);
                return true;
            },
            mayRepeat: true,
            cancellationToken);
    }

    protected override async Task<bool> RemoveBlocksAsync(long ownerId, long epoch, CancellationToken cancellationToken) =>
        await pool.RunAsync((connection, token) => connection.Sql(DeleteBlocks).Bind(ownerId).Bind(epoch).Bind(RemoveRows).RunAsync(token), cancellationToken) == RemoveRows;

    protected override async Task RemovePagesAsync(long ownerId, ShardKey shard, long epoch, CancellationToken cancellationToken)
    {
        var garbage = await pool.ReadAsync((connection, token) => FindGarbageAsync(connection, ownerId, shard, token), cancellationToken);
        foreach (var chunk in garbage.Chunk(RemoveRows))
        {
            await pool.RunAsync(
                (connection, token) => connection.Sql(DeletePages)
                    .Bind(ownerId)
                    .Bind(epoch)
                    .Bind(Array.ConvertAll(chunk, static page => page.PageId))
                    .Bind(Array.ConvertAll(chunk, static page => page.Sequence))
                    .Bind(Array.ConvertAll(chunk, static page => page.Epoch))
                    .RunAsync(token),
                cancellationToken);
        }
    }

    private static async Task<List<PageRef>> FindGarbageAsync(NpgsqlConnection connection, long ownerId, ShardKey shard, CancellationToken cancellationToken)
    {
        var kept = new HashSet<(int, long, long)>();
        foreach (var sequence in await connection.Sql(SelectManifests).Bind(ownerId).ReadAllAsync(static row => row.GetInt64(0), cancellationToken))
        {
            var manifest = await PostgreSqlShardReader.LoadManifestAsync(connection, ownerId, shard, sequence, cancellationToken);
            kept.UnionWith(manifest!.Value.Pages.Select(static page => (page.PageId, page.Sequence, page.Epoch)));
        }

        var pages = await connection.Sql(SelectPageKeys).Bind(ownerId).ReadAllAsync(
            static row => new PageRef(row.GetInt32(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)),
            cancellationToken);
        pages.RemoveAll(page => kept.Contains((page.PageId, page.Sequence, page.Epoch)));
        return pages;
    }

    private const string SelectIfOwner = "select 1 from shard_owner where id = $1 and epoch = $2";

    private const string UpsertPages = """
        insert into shard_page (owner_id, page_id, sequence, epoch, format, checksum, content)
        select $1, p.page_id, $2, $3, $4, p.checksum, p.content from unnest($5, $6, $7) as p(page_id, checksum, content)
        on conflict (owner_id, page_id, sequence, epoch) do update set format = excluded.format, checksum = excluded.checksum, content = excluded.content
        """;

    private const string SwitchOwner =
        "update shard_owner set base_sequence = $1 where id = $2 and epoch = $3 and base_sequence = $4 and last_sequence >= $1";

    private const string SelectSwitched = """
        select 1 from shard_owner o join shard_snapshot s on s.owner_id = o.id and s.sequence = o.base_sequence
        where o.id = $1 and o.base_sequence = $2 and o.epoch = $3 and s.epoch = $3 and s.checksum = $4
        """;

    private const string Supersede =
        "update shard_snapshot set superseded_ms = $1 where owner_id = $2 and superseded_ms is null";

    private const string InsertManifest = """
        insert into shard_snapshot (owner_id, sequence, epoch, format, checksum, page_table, manifest) values ($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string ForgetManifests = "delete from shard_snapshot where owner_id = $1 and superseded_ms <= $2";

    private const string DeleteBlocks = """
        delete from shard_log where owner_id = $1 and sequence in (
            select l.sequence from shard_owner o join shard_log l on l.owner_id = o.id and l.sequence <= o.base_sequence
            where o.id = $1 and o.epoch = $2
            order by l.sequence limit $3)
        """;

    private const string SelectManifests = "select sequence from shard_snapshot where owner_id = $1";

    private const string SelectPageKeys = "select page_id, sequence, epoch, checksum from shard_page where owner_id = $1";

    private const string DeletePages = """
        delete from shard_page p using unnest($3, $4, $5) as g(page_id, sequence, epoch)
        where p.owner_id = $1 and p.page_id = g.page_id and p.sequence = g.sequence and p.epoch = g.epoch
            and exists (select from shard_owner where id = $1 and epoch = $2)
        """;
}
