using Grid.Primitives;

namespace Grid.Storage.Sqlite;

/// <summary>
/// Writes snapshots on a lane of their own. Pages go in with commits that do not wait for the disk; the switch does wait, and the
/// write-ahead log is one file, so what is before the switch in it is durable with it. Thread-safe.
/// </summary>
internal sealed class SqliteSnapshotWriter(SqliteLane lane, SqliteStoreOptions options, DurabilityWatch durability, StoreInstruments instruments)
    : SnapshotWriter(options, durability, instruments)
{
    /// <summary>Rows removed in one transaction: about as long at the gate as one chunk of pages.</summary>
    private const int RemoveRows = 256;

    protected override Task<(OwnerRow Owner, PageRef[] Before)> ReadBeforeAsync(ShardKey shard, CancellationToken cancellationToken) =>
        lane.RunAsync(database => database.Read(db => ReadBefore(db, shard)), cancellationToken);

    protected override Task<OwnerRow> ReadOwnerAsync(long ownerId, CancellationToken cancellationToken) =>
        lane.RunAsync(database => SqliteOwners.Read(database, ownerId), cancellationToken);

    protected override Task<bool> WritePagesAsync(SnapshotPlan plan, int start, int count, CancellationToken cancellationToken) =>
        lane.RunAsync(
            database => database.Write(
                db => WritePages(db, plan, start, count),
                () => options.Faults?.Reach(StoreFaultPoint.SnapshotPages, plan.Shard, plan.Sequence)),
            cancellationToken);

    protected override Task<bool> SwitchAsync(SnapshotPlan plan, CancellationToken cancellationToken) =>
        lane.RunAsync(database => Switch(database, plan), cancellationToken);

    protected override Task<bool> RemoveBlocksAsync(long ownerId, long epoch, CancellationToken cancellationToken) =>
        lane.RunAsync(database => database.Write(db => RemoveBlocks(db, ownerId, epoch)), cancellationToken);

    protected override async Task RemovePagesAsync(long ownerId, ShardKey shard, long epoch, CancellationToken cancellationToken)
    {
        var garbage = await lane.RunAsync(database => database.Read(db => FindGarbage(db, ownerId, shard)), cancellationToken);
        for (var start = 0; start < garbage.Count; start += RemoveRows)
        {
            var from = start;
            await lane.RunAsync(database => database.Write(db => RemovePages(db, ownerId, epoch, garbage, from)), cancellationToken);
        }
    }

    private static (OwnerRow Owner, PageRef[] Before) ReadBefore(SqliteDatabase database, ShardKey shard)
    {
        var owner = SqliteOwners.Read(database, shard);
        return (owner, owner.BaseSequence == 0 ? [] : SqliteShardReader.LoadManifest(database, owner.Id, shard, owner.BaseSequence)?.Pages ?? []);
    }

    private static bool WritePages(SqliteDatabase database, SnapshotPlan plan, int start, int count)
    {
        if (database.Statement(SelectIfOwner).Bind(1, plan.Owner.Id).Bind(2, plan.Epoch).RunScalar() is null)
        {
            return false;
        }

        for (var i = start; i < start + count; i++)
        {
            var page = plan.Change.DirtyPages[i];
            database.Statement(UpsertPage)
                .Bind(1, plan.Owner.Id)
                .Bind(2, page.PageId)
                .Bind(3, plan.Sequence)
                .Bind(4, plan.Epoch)
                .Bind(5, RowChecksum.Format)
                .Bind(6, plan.ChecksumOf(page))
                .Bind(7, page.Content.Span)
                .Run();
        }

        return true;
    }

    private bool Switch(SqliteDatabase database, SnapshotPlan plan)
    {
        var now = options.Time.GetUtcNow().ToUnixTimeMilliseconds();
        database.Execute(options.Synchronous == SqliteSynchronous.Full ? "pragma synchronous = full" : "pragma synchronous = normal");
        try
        {
            return database.Write(db =>
            {
                // The snapshot that the pages were merged with must still be the one in force.
                var before = plan.Owner;
                var updated = db.Statement(SwitchOwner).Bind(1, plan.Sequence).Bind(2, before.Id).Bind(3, plan.Epoch).Bind(4, before.BaseSequence).Run();
                if (updated == 0)
                {
                    return false;
                }

                db.Statement(Supersede).Bind(1, now).Bind(2, before.Id).Run();
                db.Statement(InsertManifest)
                    .Bind(1, before.Id)
                    .Bind(2, plan.Sequence)
                    .Bind(3, plan.Epoch)
                    .Bind(4, RowChecksum.Format)
                    .Bind(5, plan.Checksum)
                    .Bind(6, plan.PageTable.AsSpan())
                    .Bind(7, plan.Change.Manifest.Span)
                    .Run();
                db.Statement(ForgetManifests).Bind(1, before.Id).Bind(2, now - (long)options.SnapshotGrace.TotalMilliseconds).Run();
                return true;
            });
        }
        finally
        {
            database.Execute("pragma synchronous = normal");
        }
    }

    private static bool RemoveBlocks(SqliteDatabase database, long ownerId, long epoch) =>
        database.Statement(DeleteBlocks).Bind(1, ownerId).Bind(2, epoch).Bind(3, RemoveRows).Bind(4, LogPosition.Of(ownerId, 0)).Run() == RemoveRows;

    private static List<long> FindGarbage(SqliteDatabase database, long ownerId, ShardKey shard)
    {
        var kept = new HashSet<(int, long, long)>();
        var manifests = new List<long>();
        var rows = database.Statement(SelectManifests).Bind(1, ownerId);
        while (rows.Step())
        {
            manifests.Add(rows.Int64(0));
        }

        foreach (var sequence in manifests)
        {
            foreach (var page in SqliteShardReader.LoadManifest(database, ownerId, shard, sequence)!.Value.Pages)
            {
                kept.Add((page.PageId, page.Sequence, page.Epoch));
            }
        }

        var garbage = new List<long>();
        var pages = database.Statement(SelectPageKeys).Bind(1, ownerId);
        while (pages.Step())
        {
            if (!kept.Contains(((int)pages.Int64(1), pages.Int64(2), pages.Int64(3))))
            {
                garbage.Add(pages.Int64(0));
            }
        }

        return garbage;
    }

    private static int RemovePages(SqliteDatabase database, long ownerId, long epoch, List<long> garbage, int start)
    {
        if (database.Statement(SelectIfOwner).Bind(1, ownerId).Bind(2, epoch).RunScalar() is null)
        {
            return 0;
        }

        var end = Math.Min(start + RemoveRows, garbage.Count);
        for (var i = start; i < end; i++)
        {
            database.Statement(DeletePage).Bind(1, garbage[i]).Run();
        }

        return end - start;
    }

    private const string SelectIfOwner = "select 1 from shard_owner where id = ?1 and epoch = ?2";

    private const string UpsertPage = """
        insert into shard_page (owner_id, page_id, sequence, epoch, format, checksum, content) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        on conflict (owner_id, page_id, sequence, epoch) do update set format = excluded.format, checksum = excluded.checksum, content = excluded.content
        """;

    private const string SwitchOwner =
        "update shard_owner set base_sequence = ?1 where id = ?2 and epoch = ?3 and base_sequence = ?4 and last_sequence >= ?1";

    private const string Supersede =
        "update shard_snapshot set superseded_ms = ?1 where owner_id = ?2 and superseded_ms is null";

    private const string InsertManifest = """
        insert into shard_snapshot (owner_id, sequence, epoch, format, checksum, page_table, manifest) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        """;

    private const string ForgetManifests = "delete from shard_snapshot where owner_id = ?1 and superseded_ms <= ?2";

    private const string DeleteBlocks = """
        delete from shard_log where position in (
            select l.position from shard_owner o join shard_log l on l.position > ?4 and l.position <= ?4 + o.base_sequence
            where o.id = ?1 and o.epoch = ?2
            order by l.position limit ?3)
        """;

    private const string SelectManifests = "select sequence from shard_snapshot where owner_id = ?1";

    private const string SelectPageKeys = "select id, page_id, sequence, epoch from shard_page where owner_id = ?1";

    private const string DeletePage = "delete from shard_page where id = ?1";
}
