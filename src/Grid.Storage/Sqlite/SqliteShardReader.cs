using Grid.Primitives;

namespace Grid.Storage.Sqlite;

/// <summary>Reads shards and verifies every row. Runs inside one consistent read; nothing it returns is unverified.</summary>
internal static class SqliteShardReader
{
    private static readonly RowVerifier s_rows = SqliteErrors.Rows;

    public static ShardImage Load(SqliteDatabase database, ShardLease lease)
    {
        var owner = SqliteOwners.Read(database, lease.Shard);
        owner.Require(lease);
        return new ShardImage(LoadSnapshot(database, owner, lease.Shard), LoadBlocks(database, owner, lease.Shard));
    }

    public static IReadOnlyList<LogBlock>? LoadTail(SqliteDatabase database, ShardLease lease, long snapshot, long after)
    {
        var owner = SqliteOwners.Read(database, lease.Shard);
        owner.Require(lease);
        return owner.HoldsAfter(snapshot, after) ? LoadBlocks(database, owner with { BaseSequence = after }, lease.Shard) : null;
    }

    /// <summary>The pages of one manifest, verified; null if there is no such manifest.</summary>
    public static (PageRef[] Pages, byte[] Manifest)? LoadManifest(SqliteDatabase database, long ownerId, ShardKey shard, long sequence)
    {
        var row = database.Statement(SelectManifest).Bind(1, ownerId).Bind(2, sequence);
        if (!row.Step())
        {
            return null;
        }

        var table = row.Blob(3);
        var manifest = row.Blob(4);
        var result = (s_rows.Manifest(shard, row.Int64(0), sequence, row.Int64(1), row.Int64(2), table, manifest), manifest.ToArray());
        row.Reset();
        return result;
    }

    private static SnapshotImage? LoadSnapshot(SqliteDatabase database, OwnerRow owner, ShardKey shard)
    {
        if (owner.BaseSequence == 0)
        {
            return null;
        }

        if (LoadManifest(database, owner.Id, shard, owner.BaseSequence) is not var (refs, manifest))
        {
            throw s_rows.MissingManifest(shard, owner.BaseSequence);
        }

        var pages = new SnapshotPage[refs.Length];
        for (var i = 0; i < refs.Length; i++)
        {
            pages[i] = new SnapshotPage(refs[i].PageId, LoadPage(database, owner.Id, shard, refs[i]));
        }

        return new SnapshotImage(owner.BaseSequence, manifest, pages);
    }

    private static byte[] LoadPage(SqliteDatabase database, long ownerId, ShardKey shard, PageRef expected)
    {
        var row = database.Statement(SelectPage).Bind(1, ownerId).Bind(2, expected.PageId).Bind(3, expected.Sequence).Bind(4, expected.Epoch);
        if (!row.Step())
        {
            throw s_rows.MissingPage(shard, expected);
        }

        var content = row.Blob(2);
        s_rows.Page(shard, expected, row.Int64(0), row.Int64(1), content);
        var bytes = content.ToArray();
        row.Reset();
        return bytes;
    }

    private static IReadOnlyList<LogBlock> LoadBlocks(SqliteDatabase database, OwnerRow owner, ShardKey shard)
    {
        var log = s_rows.Log(shard, owner);
        var rows = database.Statement(SelectBlocks)
            .Bind(1, LogPosition.Of(owner.Id, owner.BaseSequence))
            .Bind(2, LogPosition.Of(owner.Id, ShardChecks.MaxSequence));
        while (rows.Step())
        {
            log.Add(LogPosition.SequenceOf(rows.Int64(0)), rows.Int64(1), rows.Int64(2), rows.Int64(3), rows.Blob(4));
        }

        return log.End();
    }

    private const string SelectManifest =
        "select epoch, format, checksum, page_table, manifest from shard_snapshot where owner_id = ?1 and sequence = ?2";

    private const string SelectPage =
        "select format, checksum, content from shard_page where owner_id = ?1 and page_id = ?2 and sequence = ?3 and epoch = ?4";

    private const string SelectBlocks =
        "select position, epoch, format, checksum, payload from shard_log where position > ?1 and position <= ?2 order by position";
}
