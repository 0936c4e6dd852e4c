using System.Collections.Concurrent;
using Grid.Primitives;

namespace Grid.Storage.Sqlite;

/// <summary>
/// Writes snapshots on a lane of their own. Pages go in with commits that do not wait for the disk; the switch does wait, and the
/// write-ahead log is one file, so what is before the switch in it is durable with it. Thread-safe.
/// </summary>
internal sealed class SqliteSnapshotWriter(SqliteLane lane, SqliteStoreOptions options, DurabilityWatch durability, StoreInstruments instruments)
{
    /// <summary>Rows removed in one transaction: about as long at the gate as one chunk of pages.</summary>
    private const int RemoveRows = 256;

    private readonly ConcurrentDictionary<(ShardKey, long), bool> _active = new();

    public async Task<SnapshotOutcome> WriteAsync(ShardKey shard, long epoch, SnapshotChange change, CancellationToken cancellationToken)
    {
        CheckChange(shard, change);
        if (!_active.TryAdd((shard, epoch), true))
        {
            throw new GridError(GridErrorCode.FailedPrecondition, $"shard '{shard}'", "is writing another snapshot.", "Wait for it before the next.").ToException();
        }

        try
        {
            return await WriteOnceAsync(shard, epoch, change, cancellationToken);
        }
        catch (GridException failure) when (failure.Code == GridErrorCode.Unavailable)
        {
            return new SnapshotOutcome(SnapshotStatus.Refused, 0, 0, failure.Error);
        }
        catch (StoreFaultException fault)
        {
            return new SnapshotOutcome(SnapshotStatus.Refused, 0, 0, GridError.Unavailable($"shard '{shard}'", fault.Message, null, 1_000));
        }
        finally
        {
            _active.TryRemove((shard, epoch), out _);
        }
    }

    /// <summary>Removes, in small transactions, what is no longer part of the shard: blocks that a snapshot covers, and pages that no manifest names.</summary>
    public async Task RemoveUnreferencedAsync(long ownerId, ShardKey shard, long epoch, CancellationToken cancellationToken)
    {
        while (await lane.RunAsync(database => database.Write(db => RemoveBlocks(db, ownerId, epoch)), cancellationToken))
        {
        }

        var garbage = await lane.RunAsync(database => database.Read(db => FindGarbage(db, ownerId, shard)), cancellationToken);
        for (var start = 0; start < garbage.Count; start += RemoveRows)
        {
            var from = start;
            await lane.RunAsync(database => database.Write(db => RemovePages(db, ownerId, epoch, garbage, from)), cancellationToken);
        }
    }

    private async Task<SnapshotOutcome> WriteOnceAsync(ShardKey shard, long epoch, SnapshotChange change, CancellationToken cancellationToken)
    {
        // 1. What is there, and whether the change fits on it.
        var (owner, before) = await lane.RunAsync(database => database.Read(db => ReadBefore(db, shard)), cancellationToken);
        if (owner.Epoch != epoch || change.Sequence <= owner.BaseSequence)
        {
            return Reject(owner, epoch);
        }

        var pages = Merge(shard, epoch, change, before);

        // 2. The pages, beside the snapshot that is in force.
        for (var start = 0; start < change.DirtyPages.Count;)
        {
            var from = start;
            var count = CountOfChunk(change.DirtyPages, from);
            var isOwner = await lane.RunAsync(database => WritePages(database, owner.Id, shard, epoch, change, pages, from, count), cancellationToken);
            if (!isOwner)
            {
                return Reject(await ReadOwnerAsync(owner.Id, cancellationToken), epoch);
            }

            start += count;
        }

        // 3. The block of its sequence must be durable before the log may be cut there.
        while (true)
        {
            using var waiter = durability.Register(shard, change.Sequence);
            var now = await ReadOwnerAsync(owner.Id, cancellationToken);
            if (now.Epoch != epoch)
            {
                return Reject(now, epoch);
            }

            if (now.LastSequence >= change.Sequence)
            {
                break;
            }

            await waiter.WaitAsync(cancellationToken);
        }

        options.Faults?.Reach(StoreFaultPoint.BeforeSwitch, shard, change.Sequence);

        // 4. The switch.
        var switched = await lane.RunAsync(database => Switch(database, owner, shard, epoch, change, pages), cancellationToken);
        if (!switched)
        {
            return Reject(await ReadOwnerAsync(owner.Id, cancellationToken), epoch);
        }

        // 5. What it superseded. From here on the snapshot stands, whatever happens.
        try
        {
            options.Faults?.Reach(StoreFaultPoint.AfterSwitch, shard, change.Sequence);
            await RemoveUnreferencedAsync(owner.Id, shard, epoch, CancellationToken.None);
            return new SnapshotOutcome(SnapshotStatus.Switched, epoch, change.Sequence);
        }
        catch (GridException failure)
        {
            return new SnapshotOutcome(SnapshotStatus.Switched, epoch, change.Sequence, failure.Error);
        }
        catch (StoreFaultException fault)
        {
            return new SnapshotOutcome(SnapshotStatus.Switched, epoch, change.Sequence, GridError.Unavailable($"shard '{shard}'", fault.Message, null, 1_000));
        }
    }

    private static void CheckChange(ShardKey shard, SnapshotChange change)
    {
        var target = $"shard '{shard}' snapshot {change.Sequence}";
        if (change.Sequence < 1)
        {
            throw GridError.Invalid(target, "has no sequence.", "Snapshots are taken as of a block, and blocks count from 1.").ToException();
        }

        var live = new HashSet<int>(change.LivePages.Count);
        foreach (var page in change.LivePages)
        {
            if (page < 0 || !live.Add(page))
            {
                throw GridError.Invalid(target, $"names live page {page} twice, or its number is negative.", "Name each live page once.").ToException();
            }
        }

        var dirty = new HashSet<int>(change.DirtyPages.Count);
        foreach (var page in change.DirtyPages)
        {
            if (!dirty.Add(page.PageId) || !live.Contains(page.PageId))
            {
                throw GridError.Invalid(target, $"writes page {page.PageId} twice, or it is not live.", "Write each page once, and name it among the live pages.").ToException();
            }
        }
    }

    private static (OwnerRow Owner, PageRef[] Before) ReadBefore(SqliteDatabase database, ShardKey shard)
    {
        var owner = OwnerRow.Read(database, shard);
        return (owner, owner.BaseSequence == 0 ? [] : SqliteShardReader.LoadManifest(database, owner.Id, shard, owner.BaseSequence)?.Pages ?? []);
    }

    /// <summary>All pages of the new snapshot: the dirty ones as they will be written, the others as the snapshot before has them.</summary>
    private static List<PageRef> Merge(ShardKey shard, long epoch, SnapshotChange change, PageRef[] before)
    {
        var known = before.ToDictionary(static page => page.PageId);
        foreach (var page in change.DirtyPages)
        {
            var checksum = RowChecksum.Page(shard, epoch, change.Sequence, page.PageId, page.Content.Span);
            known[page.PageId] = new PageRef(page.PageId, change.Sequence, epoch, checksum);
        }

        var pages = new List<PageRef>(change.LivePages.Count);
        foreach (var id in change.LivePages.Order())
        {
            pages.Add(known.TryGetValue(id, out var page)
                ? page
                : throw GridError.Invalid(
                    $"shard '{shard}' snapshot {change.Sequence}",
                    $"names live page {id}, which is neither dirty nor in the snapshot before.",
                    "Write every page that is new.").ToException());
        }

        return pages;
    }

    private int CountOfChunk(IReadOnlyList<SnapshotPage> pages, int start)
    {
        long bytes = pages[start].Content.Length;
        var end = start + 1;
        while (end < pages.Count && bytes + pages[end].Content.Length <= options.BatchBytes)
        {
            bytes += pages[end].Content.Length;
            end++;
        }

        return end - start;
    }

    private bool WritePages(SqliteDatabase database, long ownerId, ShardKey shard, long epoch, SnapshotChange change, List<PageRef> pages, int start, int count)
    {
        long bytes = 0;
        var isOwner = database.Write(
            db =>
            {
                if (db.Statement(SelectIfOwner).Bind(1, ownerId).Bind(2, epoch).RunScalar() is null)
                {
                    return false;
                }

                for (var i = start; i < start + count; i++)
                {
                    var page = change.DirtyPages[i];
                    var place = pages[pages.BinarySearch(new PageRef(page.PageId, 0, 0, 0), s_byPage)];
                    db.Statement(UpsertPage)
                        .Bind(1, ownerId)
                        .Bind(2, page.PageId)
                        .Bind(3, change.Sequence)
                        .Bind(4, epoch)
                        .Bind(5, RowChecksum.Format)
                        .Bind(6, place.Checksum)
                        .Bind(7, page.Content.Span)
                        .Run();
                    bytes += page.Content.Length;
                }

                return true;
            },
            () => options.Faults?.Reach(StoreFaultPoint.SnapshotPages, shard, change.Sequence));
        instruments.SnapshotBytes.Add(bytes);
        return isOwner;
    }

    private bool Switch(SqliteDatabase database, OwnerRow before, ShardKey shard, long epoch, SnapshotChange change, List<PageRef> pages)
    {
        var table = PageTable.Encode(pages);
        var checksum = RowChecksum.Manifest(shard, epoch, change.Sequence, table, change.Manifest.Span);
        var now = options.Time.GetUtcNow().ToUnixTimeMilliseconds();
        database.Execute(options.Synchronous == SqliteSynchronous.Full ? "pragma synchronous = full" : "pragma synchronous = normal");
        try
        {
            return database.Write(db =>
            {
                // The snapshot that the pages were merged with must still be the one in force.
                var updated = db.Statement(SwitchOwner).Bind(1, change.Sequence).Bind(2, before.Id).Bind(3, epoch).Bind(4, before.BaseSequence).Run();
                if (updated == 0)
                {
                    return false;
                }

                db.Statement(Supersede).Bind(1, now).Bind(2, before.Id).Run();
                db.Statement(InsertManifest)
                    .Bind(1, before.Id)
                    .Bind(2, change.Sequence)
                    .Bind(3, epoch)
                    .Bind(4, RowChecksum.Format)
                    .Bind(5, checksum)
                    .Bind(6, table.AsSpan())
                    .Bind(7, change.Manifest.Span)
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

    private Task<OwnerRow> ReadOwnerAsync(long ownerId, CancellationToken cancellationToken) =>
        lane.RunAsync(database => OwnerRow.Read(database, ownerId), cancellationToken);

    private static SnapshotOutcome Reject(OwnerRow owner, long epoch) =>
        new(owner.Epoch == epoch ? SnapshotStatus.Stale : SnapshotStatus.Fenced, owner.Epoch, owner.BaseSequence);

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

    /// <summary>Under the epoch: a page that a later owner is writing right now is garbage only to a reader of old manifests.</summary>
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

    private static readonly Comparer<PageRef> s_byPage = Comparer<PageRef>.Create(static (a, b) => a.PageId.CompareTo(b.PageId));

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
