using Grid.Primitives;

namespace Grid.Storage.Sqlite;

/// <summary>The shards of a SQLite store.</summary>
internal sealed class SqliteShardStore(
    SqliteReaders readers,
    SqliteLane writer,
    SqliteGroupCommit commits,
    SqliteSnapshotWriter snapshots,
    DurabilityWatch durability) : IShardStore
{
    public async Task<IReadOnlyList<ShardLease>> TakeEpochsAsync(IReadOnlyList<ShardKey> shards, string owner, CancellationToken cancellationToken)
    {
        ShardChecks.RequireTake(shards, owner);
        var leases = await writer.RunAsync(
            database => database.Write(db =>
            {
                var taken = new ShardLease[shards.Count];
                for (var i = 0; i < taken.Length; i++)
                {
                    taken[i] = TakeOne(db, shards[i], owner);
                }

                return taken;
            }),
            cancellationToken);
        foreach (var shard in shards)
        {
            durability.OwnerChanged(shard);
        }

        return leases;
    }

    public Task<ShardImage> LoadAsync(ShardLease lease, CancellationToken cancellationToken) =>
        readers.ReadAsync(database => SqliteShardReader.Load(database, lease), cancellationToken);

    public Task<IReadOnlyList<LogBlock>?> LoadTailAsync(ShardLease lease, long snapshot, long after, CancellationToken cancellationToken) =>
        readers.ReadAsync(database => SqliteShardReader.LoadTail(database, lease, snapshot, after), cancellationToken);

    public ValueTask<AppendOutcome> AppendAsync(ShardKey shard, long epoch, long sequence, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        ShardChecks.RequireBlock(shard, epoch, sequence);
        return new ValueTask<AppendOutcome>(commits.AppendAsync(new AppendRequest(shard, epoch, sequence, payload), cancellationToken));
    }

    public Task<SnapshotOutcome> WriteSnapshotAsync(ShardKey shard, long epoch, SnapshotChange snapshot, CancellationToken cancellationToken) =>
        snapshots.WriteAsync(shard, epoch, snapshot, cancellationToken);

    public Task<IReadOnlyList<ConfirmOutcome>> ConfirmAsync(IReadOnlyList<ShardLease> leases, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<ConfirmOutcome>>(
            database =>
            {
                var outcomes = new ConfirmOutcome[leases.Count];
                for (var i = 0; i < outcomes.Length; i++)
                {
                    var row = SqliteOwners.Read(database, leases[i].Shard);
                    outcomes[i] = new ConfirmOutcome(leases[i].Shard, row.Epoch == leases[i].Epoch, row.Epoch, row.Owner ?? "");
                }

                return outcomes;
            },
            cancellationToken);

    public async Task<bool> DeleteShardAsync(ShardLease lease, CancellationToken cancellationToken)
    {
        // 1. The fence, and all that a reader could take for state.
        var ownerId = await writer.RunAsync(
            database => database.Write(db =>
            {
                var id = SqliteOwners.Find(db, lease.Shard);
                if (db.Statement(ResetOwner).Bind(1, id).Bind(2, lease.Epoch).Run() == 0)
                {
                    return 0;
                }

                db.Statement(DeleteLog).Bind(1, LogPosition.Of(id, 0)).Bind(2, LogPosition.Of(id, ShardChecks.MaxSequence)).Run();
                db.Statement(DeleteManifests).Bind(1, id).Run();
                return id;
            }),
            cancellationToken);
        if (ownerId == 0)
        {
            return false;
        }

        // 2. The pages, which nothing names any more, beside the appends of others.
        durability.OwnerChanged(lease.Shard);
        await snapshots.RemoveUnreferencedAsync(ownerId, lease.Shard, lease.Epoch + 1, cancellationToken);
        return true;
    }

    private static ShardLease TakeOne(SqliteDatabase database, ShardKey shard, string owner)
    {
        var row = database.Statement(TakeEpoch).Bind(1, shard.Workspace).Bind(2, shard.Tenant).Bind(3, shard.Shard).Bind(4, owner);
        row.Step();
        var lease = new ShardLease(shard, row.Int64(0), row.Int64(1), owner);
        var id = row.Int64(2);
        row.Run();
        return id <= LogPosition.MaxOwnerId
            ? lease
            : throw new GridError(GridErrorCode.Unsupported, $"shard '{shard}'", $"would be number {id} of this database, and the limit is {LogPosition.MaxOwnerId}.", "Keep the other shards in a grid of their own.").ToException();
    }

    private const string TakeEpoch = """
        insert into shard_owner (workspace, tenant, shard, epoch, last_sequence, base_sequence, owner) values (?1, ?2, ?3, 1, 0, 0, ?4)
        on conflict (workspace, tenant, shard) do update set epoch = epoch + 1, owner = excluded.owner
        returning epoch, last_sequence, id
        """;

    private const string ResetOwner =
        "update shard_owner set epoch = epoch + 1, last_sequence = 0, base_sequence = 0, owner = '' where id = ?1 and epoch = ?2";

    private const string DeleteLog = "delete from shard_log where position between ?1 and ?2";

    private const string DeleteManifests = "delete from shard_snapshot where owner_id = ?1";
}
