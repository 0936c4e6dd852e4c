using Grid.Primitives;

namespace Grid.Storage.PostgreSql;

/// <summary>The shards of a PostgreSQL store.</summary>
internal sealed class PostgreSqlShardStore(
    PostgreSqlPool readers,
    PostgreSqlPool writers,
    PostgreSqlAppendLane[] lanes,
    PostgreSqlSnapshotWriter snapshots,
    DurabilityWatch durability) : IShardStore
{
    public async Task<IReadOnlyList<ShardLease>> TakeEpochsAsync(IReadOnlyList<ShardKey> shards, string owner, CancellationToken cancellationToken)
    {
        ShardChecks.RequireTake(shards, owner);
        var (workspaces, tenants, numbers) = Columns(shards, static shard => shard);

        // 1. Rows for new shards, of an epoch that nobody holds. By themselves: the next statement then locks in the order of the
        //    numbers, as commits do, and meets no row that it cannot see.
        await writers.RunAsync(
            (connection, token) => connection.Sql(InsertOwners).Bind(workspaces).Bind(tenants).Bind(numbers).RunAsync(token),
            cancellationToken);

        // 2. The epochs. Taking them twice, where the answer to the first was lost, only skips a number.
        var taken = await writers.RunAsync(
            (connection, token) => connection.Sql(TakeEpochs).Bind(workspaces).Bind(tenants).Bind(numbers).Bind(owner).ReadAllAsync(
                static row => (Place: row.GetInt64(0), Epoch: row.GetInt64(1), Last: row.GetInt64(2)),
                token),
            cancellationToken);
        var leases = new ShardLease[shards.Count];
        foreach (var (place, epoch, last) in taken)
        {
            leases[place - 1] = new ShardLease(shards[(int)place - 1], epoch, last, owner);
        }

        foreach (var shard in shards)
        {
            durability.OwnerChanged(shard);
        }

        return leases;
    }

    public Task<ShardImage> LoadAsync(ShardLease lease, CancellationToken cancellationToken) =>
        readers.ReadAsync((connection, token) => PostgreSqlShardReader.LoadAsync(connection, lease, token), cancellationToken);

    public Task<IReadOnlyList<LogBlock>?> LoadTailAsync(ShardLease lease, long snapshot, long after, CancellationToken cancellationToken) =>
        readers.ReadAsync((connection, token) => PostgreSqlShardReader.LoadTailAsync(connection, lease, snapshot, after, token), cancellationToken);

    public ValueTask<AppendOutcome> AppendAsync(ShardKey shard, long epoch, long sequence, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        ShardChecks.RequireBlock(shard, epoch, sequence);

        // Blocks of one shard keep to one lane, and with it their order.
        var lane = lanes[(uint)shard.GetHashCode() % (uint)lanes.Length];
        return new ValueTask<AppendOutcome>(lane.AppendAsync(new AppendRequest(shard, epoch, sequence, payload), cancellationToken));
    }

    public Task<SnapshotOutcome> WriteSnapshotAsync(ShardKey shard, long epoch, SnapshotChange snapshot, CancellationToken cancellationToken) =>
        snapshots.WriteAsync(shard, epoch, snapshot, cancellationToken);

    public async Task<IReadOnlyList<ConfirmOutcome>> ConfirmAsync(IReadOnlyList<ShardLease> leases, CancellationToken cancellationToken)
    {
        var (workspaces, tenants, numbers) = Columns(leases, static lease => lease.Shard);
        var rows = await readers.RunAsync(
            (connection, token) => connection.Sql(SelectOwners).Bind(workspaces).Bind(tenants).Bind(numbers).ReadAllAsync(
                static row => (Epoch: row.GetInt64(0), Owner: row.GetString(1)),
                token),
            cancellationToken);
        var outcomes = new ConfirmOutcome[leases.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = new ConfirmOutcome(leases[i].Shard, rows[i].Epoch == leases[i].Epoch, rows[i].Epoch, rows[i].Owner);
        }

        return outcomes;
    }

    public async Task<bool> DeleteShardAsync(ShardLease lease, CancellationToken cancellationToken)
    {
        // 1. The fence, and all that a reader could take for state. A repetition would find itself fenced, so it is not made blindly.
        var ownerId = await writers.WriteAsync(
            async (connection, token) =>
            {
                var shard = lease.Shard;
                var id = await connection.Sql(ResetOwner).Bind(shard.Workspace).Bind(shard.Tenant).Bind(shard.Shard).Bind(lease.Epoch).ScalarAsync<long>(token);
                if (id != 0)
                {
                    await connection.Sql(DeleteLog).Bind(id).RunAsync(token);
                    await connection.Sql(DeleteManifests).Bind(id).RunAsync(token);
                }

                return id;
            },
            mayRepeat: false,
            cancellationToken);
        if (ownerId == 0)
        {
            return false;
        }

        // 2. The pages, which nothing names any more.
        durability.OwnerChanged(lease.Shard);
        await snapshots.RemoveUnreferencedAsync(ownerId, lease.Shard, lease.Epoch + 1, cancellationToken);
        return true;
    }

    private static (string[] Workspaces, string[] Tenants, int[] Numbers) Columns<T>(IReadOnlyList<T> rows, Func<T, ShardKey> shardOf)
    {
        var (workspaces, tenants, numbers) = (new string[rows.Count], new string[rows.Count], new int[rows.Count]);
        for (var i = 0; i < rows.Count; i++)
        {
            var shard = shardOf(rows[i]);
            (workspaces[i], tenants[i], numbers[i]) = (shard.Workspace, shard.Tenant, shard.Shard);
        }

        return (workspaces, tenants, numbers);
    }

    private const string InsertOwners = """
        insert into shard_owner (workspace, tenant, shard, epoch, last_sequence, base_sequence, owner)
        select s.workspace, s.tenant, s.shard, 0, 0, 0, '' from unnest($1, $2, $3) as s(workspace, tenant, shard)
        where not exists (select from shard_owner o where o.workspace = s.workspace and o.tenant = s.tenant and o.shard = s.shard)
        order by s.workspace, s.tenant, s.shard
        on conflict (workspace, tenant, shard) do nothing
        """;

    private const string TakeEpochs = """
        with taken as (
            select o.id, s.place from unnest($1, $2, $3) with ordinality as s(workspace, tenant, shard, place)
            join shard_owner o on o.workspace = s.workspace and o.tenant = s.tenant and o.shard = s.shard
            order by o.id for no key update of o)
        update shard_owner o set epoch = o.epoch + 1, owner = $4 from taken t where o.id = t.id
        returning t.place, o.epoch, o.last_sequence
        """;

    private const string SelectOwners = """
        select coalesce(o.epoch, 0), coalesce(o.owner, '') from unnest($1, $2, $3) with ordinality as s(workspace, tenant, shard, place)
        left join shard_owner o on o.workspace = s.workspace and o.tenant = s.tenant and o.shard = s.shard
        order by s.place
        """;

    private const string ResetOwner = """
        update shard_owner set epoch = epoch + 1, last_sequence = 0, base_sequence = 0, owner = ''
        where workspace = $1 and tenant = $2 and shard = $3 and epoch = $4 returning id
        """;

    private const string DeleteLog = "delete from shard_log where owner_id = $1";

    private const string DeleteManifests = "delete from shard_snapshot where owner_id = $1";
}
