using Grid.Primitives;
using Microsoft.Data.Sqlite;

namespace Grid.Storage.Sqlite;

/// <summary>Group commit on the one thread that writes. Thread-safe.</summary>
internal sealed class SqliteGroupCommit : GroupCommit
{
    private readonly Dictionary<ShardKey, long> _ownerIds = [];
    private readonly SqliteLane _lane;
    private readonly string _path;
    private readonly Action<SqliteDatabase> _drain;
    private SqliteDatabase? _database;

    public SqliteGroupCommit(SqliteLane lane, string path, SqliteStoreOptions options, DurabilityWatch durability, StoreInstruments instruments)
        : base(options, durability, instruments)
    {
        _lane = lane;
        _path = path;
        _drain = Drain;
    }

    protected override bool TryPost() => _lane.TryPost(_drain);

    protected override GridException Closed() => SqliteLane.Closed(_path);

    /// <summary>Runs to its end before it returns: the thread is the lane's own.</summary>
    protected override ValueTask WriteAsync(int start, int count, Action? beforeCommit)
    {
        _database!.Write(
            db =>
            {
                for (var i = start; i < start + count; i++)
                {
                    Batch[i].Outcome = AppendOne(db, Batch[i]);
                }

                return count;
            },
            beforeCommit);
        return ValueTask.CompletedTask;
    }

    protected override bool IsTransient(Exception failure) =>
        failure is StoreFaultException { IsTransient: true } || failure is SqliteException engine && SqliteErrors.IsTransient(engine);

    protected override bool IsAway(Exception failure) => failure is SqliteException engine && SqliteErrors.IsDiskFull(engine);

    protected override GridError Describe(Exception failure) => failure is SqliteException engine
        ? SqliteErrors.Describe(engine, _path)
        : new GridError(GridErrorCode.Internal, $"database '{_path}'", failure.ToString());

    private void Drain(SqliteDatabase database)
    {
        _database = database;

        // Nothing in it waits for anything but this thread, so it has ended.
        DrainAsync().GetAwaiter().GetResult();
    }

    private AppendOutcome AppendOne(SqliteDatabase database, AppendRequest request)
    {
        var ownerId = OwnerId(database, request.Shard);
        if (ownerId == 0)
        {
            return new AppendOutcome(AppendStatus.Fenced, 0, 0);
        }

        var update = database.Statement(Faults is { IgnoreEpoch: true } ? UpdateOwnerOfAnyEpoch : UpdateOwner);
        var updated = update.Bind(1, request.Sequence).Bind(2, ownerId).Bind(3, request.Epoch).Run();
        if (updated == 0)
        {
            return Judge(database, ownerId, request);
        }

        Faults?.Reach(StoreFaultPoint.BlockInsert, request.Shard, request.Sequence);
        var payload = Faults?.TearBlock is { } tear ? tear(request.Shard, request.Sequence, request.Payload) : request.Payload;
        database.Statement(InsertBlock)
            .Bind(1, LogPosition.Of(ownerId, request.Sequence))
            .Bind(2, request.Epoch)
            .Bind(3, RowChecksum.Format)
            .Bind(4, request.Checksum)
            .Bind(5, payload.Span)
            .Run();
        return new AppendOutcome(AppendStatus.Committed, request.Epoch, request.Sequence);
    }

    /// <summary>Why a block moved nothing, read by later statements.</summary>
    private static AppendOutcome Judge(SqliteDatabase database, long ownerId, AppendRequest request)
    {
        var owner = SqliteOwners.Read(database, ownerId);
        var block = database.Statement(SelectBlock).Bind(1, LogPosition.Of(ownerId, request.Sequence));
        var isThere = block.Step() && block.Int64(0) == request.Epoch && block.Int64(1) == request.Checksum;
        block.Reset();
        return owner.Judge(request, isThere);
    }

    private long OwnerId(SqliteDatabase database, ShardKey shard)
    {
        // An owner row is never removed and its id never changes, so what was read once holds.
        if (!_ownerIds.TryGetValue(shard, out var id))
        {
            id = SqliteOwners.Find(database, shard);
            if (id != 0)
            {
                _ownerIds.Add(shard, id);
            }
        }

        return id;
    }

    private const string UpdateOwner =
        "update shard_owner set last_sequence = ?1 where id = ?2 and epoch = ?3 and last_sequence = ?1 - 1";

    private const string UpdateOwnerOfAnyEpoch =
        "update shard_owner set last_sequence = ?1 where id = ?2 and ?3 > 0 and last_sequence = ?1 - 1";

    private const string InsertBlock =
        "insert into shard_log (position, epoch, format, checksum, payload) values (?1, ?2, ?3, ?4, ?5)";

    private const string SelectBlock =
        "select epoch, checksum from shard_log where position = ?1";
}
