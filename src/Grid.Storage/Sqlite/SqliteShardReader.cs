using Grid.Primitives;

namespace Grid.Storage.Sqlite;

/// <summary>Reads shards and verifies every row. Runs inside one consistent read; nothing it returns is unverified.</summary>
internal static class SqliteShardReader
{
    public static ShardImage Load(SqliteDatabase database, ShardLease lease)
    {
        var owner = OwnerRow.Read(database, lease.Shard);
        if (owner.Epoch != lease.Epoch)
        {
            throw new GridError(
                GridErrorCode.Conflict,
                $"shard '{lease.Shard}'",
                $"is held by epoch {owner.Epoch} of '{owner.Owner}', not by epoch {lease.Epoch}.",
                "Take a new epoch if this process shall own the shard.").ToException();
        }

        return new ShardImage(LoadSnapshot(database, owner, lease.Shard), LoadBlocks(database, owner, lease.Shard));
    }

    /// <summary>The pages of one manifest, verified; null if there is no such manifest.</summary>
    public static (PageRef[] Pages, byte[] Manifest)? LoadManifest(SqliteDatabase database, long ownerId, ShardKey shard, long sequence)
    {
        var row = database.Statement(SelectManifest).Bind(1, ownerId).Bind(2, sequence);
        if (!row.Step())
        {
            return null;
        }

        var target = $"shard '{shard}' manifest {sequence}";
        CheckFormat(target, row.Int64(1));
        var table = row.Blob(3);
        var manifest = row.Blob(4);
        CheckSum(target, row.Int64(2), RowChecksum.Manifest(shard, row.Int64(0), sequence, table, manifest));
        var result = (PageTable.Decode(table), manifest.ToArray());
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
            throw Corrupt($"shard '{shard}' manifest {owner.BaseSequence}", "Expected the manifest of the snapshot, found none.");
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
        var target = $"shard '{shard}' page {expected.PageId} of snapshot {expected.Sequence}";
        var row = database.Statement(SelectPage).Bind(1, ownerId).Bind(2, expected.PageId).Bind(3, expected.Sequence).Bind(4, expected.Epoch);
        if (!row.Step())
        {
            throw Corrupt(target, $"Expected the page under epoch {expected.Epoch}, found none.");
        }

        CheckFormat(target, row.Int64(0));
        if (row.Int64(1) != expected.Checksum)
        {
            throw Corrupt(target, $"Expected checksum {expected.Checksum:x16} by the manifest, found {row.Int64(1):x16}.");
        }

        var content = row.Blob(2);
        CheckSum(target, expected.Checksum, RowChecksum.Page(shard, expected.Epoch, expected.Sequence, expected.PageId, content));
        var bytes = content.ToArray();
        row.Reset();
        return bytes;
    }

    private static List<LogBlock> LoadBlocks(SqliteDatabase database, OwnerRow owner, ShardKey shard)
    {
        var blocks = new List<LogBlock>();
        var rows = database.Statement(SelectBlocks)
            .Bind(1, LogPosition.Of(owner.Id, owner.BaseSequence))
            .Bind(2, LogPosition.Of(owner.Id, LogPosition.MaxSequence));
        var next = owner.BaseSequence + 1;
        long lastEpoch = 0;
        while (rows.Step())
        {
            var sequence = LogPosition.SequenceOf(rows.Int64(0));
            var epoch = rows.Int64(1);
            var target = $"shard '{shard}' block {next}";
            if (sequence != next)
            {
                throw Corrupt(target, $"Expected block {next}, found block {sequence}.");
            }

            if (sequence > owner.LastSequence)
            {
                throw Corrupt(target, $"Expected the log to end with block {owner.LastSequence}, found block {sequence}.");
            }

            CheckFormat(target, rows.Int64(2));
            var payload = rows.Blob(4);
            CheckSum(target, rows.Int64(3), RowChecksum.Block(shard, epoch, sequence, payload));
            if (epoch < lastEpoch || epoch > owner.Epoch)
            {
                throw Corrupt(target, $"Expected an epoch of {lastEpoch} to {owner.Epoch}, found epoch {epoch}.");
            }

            blocks.Add(new LogBlock(sequence, epoch, payload.ToArray()));
            lastEpoch = epoch;
            next++;
        }

        return next == owner.LastSequence + 1
            ? blocks
            : throw Corrupt($"shard '{shard}' block {next}", $"Expected the log to end with block {owner.LastSequence}, found its end after block {next - 1}.");
    }

    private static void CheckFormat(string target, long format)
    {
        if (format != RowChecksum.Format)
        {
            throw Corrupt(target, $"Expected format {RowChecksum.Format}, found format {format}.");
        }
    }

    private static void CheckSum(string target, long stored, long computed)
    {
        if (stored != computed)
        {
            throw Corrupt(target, $"Expected checksum {stored:x16}, found {computed:x16}.");
        }
    }

    private static GridException Corrupt(string target, string message) => SqliteErrors.Corrupt(target, message).ToException();

    private const string SelectManifest =
        "select epoch, format, checksum, page_table, manifest from shard_snapshot where owner_id = ?1 and sequence = ?2";

    private const string SelectPage =
        "select format, checksum, content from shard_page where owner_id = ?1 and page_id = ?2 and sequence = ?3 and epoch = ?4";

    private const string SelectBlocks =
        "select position, epoch, format, checksum, payload from shard_log where position > ?1 and position <= ?2 order by position";
}
