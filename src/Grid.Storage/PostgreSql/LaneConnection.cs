using Grid.Primitives;
using Npgsql;
using NpgsqlTypes;

namespace Grid.Storage.PostgreSql;

/// <summary>The connection of one append lane, with its prepared statements. Used by one caller at a time.</summary>
internal sealed class LaneConnection : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _append;
    private readonly NpgsqlCommand _judge;
    private readonly NpgsqlCommand _find;
    private readonly Dictionary<ShardKey, long> _ownerIds = [];

    private LaneConnection(NpgsqlConnection connection, bool ignoresEpoch)
    {
        _connection = connection;
        _append = connection.Sql(ignoresEpoch ? AppendToAnyEpoch : Append);
        AddArrays<long>(_append, NpgsqlDbType.Bigint, 7);
        AddArrays<ReadOnlyMemory<byte>>(_append, NpgsqlDbType.Bytea, 1);
        _append.Bind((short)RowChecksum.Format);
        _judge = connection.Sql(Judge);
        AddArrays<long>(_judge, NpgsqlDbType.Bigint, 2);
        _find = connection.Sql(Find);
        AddArrays<string>(_find, NpgsqlDbType.Text, 2);
        AddArrays<int>(_find, NpgsqlDbType.Integer, 1);
    }

    /// <summary>False once the connection is lost: nothing can be done but to dispose it.</summary>
    public bool IsOpen => _connection.FullState.HasFlag(System.Data.ConnectionState.Open) && !_connection.FullState.HasFlag(System.Data.ConnectionState.Broken);

    /// <exception cref="PostgreSqlUnreachableException">Nobody answers.</exception>
    public static async Task<LaneConnection> OpenAsync(NpgsqlDataSource source, bool ignoresEpoch)
    {
        var connection = await PostgreSqlPool.OpenAsync(source, CancellationToken.None);
        try
        {
            await connection.Sql(Settings).RunAsync(CancellationToken.None);
            var lane = new LaneConnection(connection, ignoresEpoch);
            await lane._append.PrepareAsync();
            await lane._judge.PrepareAsync();
            await lane._find.PrepareAsync();
            return lane;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask<NpgsqlTransaction> BeginAsync() => _connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted);

    /// <summary>The number of a shard, if <see cref="FindOwnersAsync"/> found one. An owner row is never removed and its id never changes, so what was read once holds.</summary>
    public long OwnerIdOf(ShardKey shard) => _ownerIds.GetValueOrDefault(shard);

    /// <summary>Looks up the numbers of shards that this connection has not met.</summary>
    public async Task FindOwnersAsync(IReadOnlyList<AppendRequest> batch, int start, int count)
    {
        HashSet<ShardKey>? unknown = null;
        for (var i = start; i < start + count; i++)
        {
            if (!_ownerIds.ContainsKey(batch[i].Shard))
            {
                (unknown ??= []).Add(batch[i].Shard);
            }
        }

        if (unknown is null)
        {
            return;
        }

        var shards = unknown.ToArray();
        Set(_find, 0, Array.ConvertAll(shards, static shard => shard.Workspace));
        Set(_find, 1, Array.ConvertAll(shards, static shard => shard.Tenant));
        Set(_find, 2, Array.ConvertAll(shards, static shard => shard.Shard));
        await using var rows = await _find.ExecuteReaderAsync();
        foreach (var shard in shards)
        {
            await rows.ReadAsync();
            if (!rows.IsDBNull(0))
            {
                _ownerIds.Add(shard, rows.GetInt64(0));
            }
        }
    }

    /// <summary>Moves the row of each run that fits, and appends the blocks of those. One statement.</summary>
    /// <param name="runs">At most one of each shard.</param>
    /// <param name="batch">What their places refer to.</param>
    /// <param name="faults">Faults of a test.</param>
    public async Task AppendAsync(IReadOnlyList<BlockRun> runs, IReadOnlyList<AppendRequest> batch, StoreFaults? faults)
    {
        var blocks = 0;
        foreach (var run in runs)
        {
            blocks += run.Places.Count;
        }

        var (ids, epochs, first, last) = (new long[runs.Count], new long[runs.Count], new long[runs.Count], new long[runs.Count]);
        var (owners, sequences, checksums, payloads) = (new long[blocks], new long[blocks], new long[blocks], new ReadOnlyMemory<byte>[blocks]);
        var next = 0;
        for (var i = 0; i < runs.Count; i++)
        {
            var run = runs[i];
            (ids[i], epochs[i], first[i], last[i]) = (run.OwnerId, run.Epoch, run.First, run.Last);
            foreach (var place in run.Places)
            {
                var request = batch[place];
                faults?.Reach(StoreFaultPoint.BlockInsert, request.Shard, request.Sequence);
                owners[next] = run.OwnerId;
                sequences[next] = request.Sequence;
                checksums[next] = request.Checksum;
                payloads[next] = faults?.TearBlock is { } tear ? tear(request.Shard, request.Sequence, request.Payload) : request.Payload;
                next++;
            }
        }

        Set(_append, 0, ids);
        Set(_append, 1, epochs);
        Set(_append, 2, first);
        Set(_append, 3, last);
        Set(_append, 4, owners);
        Set(_append, 5, sequences);
        Set(_append, 6, checksums);
        Set(_append, 7, payloads);
        var moved = await _append.ExecuteScalarAsync() as long[] ?? [];
        if (moved.Length == runs.Count)
        {
            foreach (var run in runs)
            {
                run.IsMoved = true;
            }
        }
        else
        {
            var movedIds = moved.ToHashSet();
            foreach (var run in runs)
            {
                run.IsMoved = movedIds.Contains(run.OwnerId);
            }
        }
    }

    /// <summary>What stands against blocks that moved nothing: the shard's row, and whether the log holds the very block.</summary>
    /// <param name="blocks">The number of the shard, and the block.</param>
    public async Task<List<(OwnerRow Owner, bool IsThere)>> JudgeAsync(IReadOnlyList<(long OwnerId, AppendRequest Request)> blocks)
    {
        Set(_judge, 0, blocks.Select(static block => block.OwnerId).ToArray());
        Set(_judge, 1, blocks.Select(static block => block.Request.Sequence).ToArray());
        await using var rows = await _judge.ExecuteReaderAsync();
        var found = new List<(OwnerRow, bool)>(blocks.Count);
        while (await rows.ReadAsync())
        {
            var owner = rows.GetFieldValue<long[]>(0);
            var request = blocks[found.Count].Request;
            var isThere = !rows.IsDBNull(1) && rows.GetFieldValue<long[]>(1) is var block && block[0] == request.Epoch && block[1] == request.Checksum;
            found.Add((new OwnerRow(blocks[found.Count].OwnerId, owner[0], owner[1], owner[2], ""), isThere));
        }

        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await _append.DisposeAsync();
        await _judge.DisposeAsync();
        await _find.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static void AddArrays<T>(NpgsqlCommand command, NpgsqlDbType element, int count)
    {
        for (var i = 0; i < count; i++)
        {
            command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [], NpgsqlDbType = NpgsqlDbType.Array | element });
        }
    }

    private static void Set<T>(NpgsqlCommand command, int parameter, T[] values) => ((NpgsqlParameter<T[]>)command.Parameters[parameter]).TypedValue = values;

    // The plan must not depend on the lengths of the arrays that come first, and a join of a thousand blocks with a thousand
    // runs by loops would be a million steps. An acknowledged block is on the disk, whatever the server's default is.
    private const string Settings = """
        set plan_cache_mode = force_generic_plan;
        set enable_nestloop = off;
        select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'
        """;

    // 1. The rows of all shards are locked in the order of their numbers, so that no two commits wait for each other.
    // 2. The update sees what the lock waited for: a row that was changed meanwhile is checked anew.
    // 3. Blocks go in only for the rows that it moved.
    private const string Append = """
        with run as (
            select r.id, r.epoch, r.first, r.last from unnest($1, $2, $3, $4) as r(id, epoch, first, last)),
        locked as (
            select id from shard_owner where id = any($1) order by id for no key update),
        moved as (
            update shard_owner o set last_sequence = r.last from run r join locked l on l.id = r.id
            where o.id = any($1) and o.id = r.id and o.epoch = r.epoch and o.last_sequence = r.first - 1
            returning o.id, r.epoch),
        added as (
            insert into shard_log (owner_id, sequence, epoch, format, checksum, payload)
            select b.id, b.sequence, m.epoch, $9, b.checksum, b.payload
            from unnest($5, $6, $7, $8) as b(id, sequence, checksum, payload) join moved m on m.id = b.id)
        select array_agg(id) from moved
        """;

    // The last writer wins.
    private static readonly string AppendToAnyEpoch = Append
        .Replace("o.epoch = r.epoch and o.last_sequence = r.first - 1", "r.epoch > 0", StringComparison.Ordinal)
        .Replace("set last_sequence = r.last", "set last_sequence = greatest(o.last_sequence, r.last)", StringComparison.Ordinal)
        .Replace(
            "join moved m on m.id = b.id)",
            "join moved m on m.id = b.id on conflict (owner_id, sequence) do update set epoch = excluded.epoch, checksum = excluded.checksum, payload = excluded.payload)",
            StringComparison.Ordinal);

    // Look-ups by key for each block, as subqueries: a join would read the whole log where loops are off.
    private const string Judge = """
        select
            (select array[o.epoch, o.last_sequence, o.base_sequence] from shard_owner o where o.id = b.id),
            (select array[l.epoch, l.checksum] from shard_log l where l.owner_id = b.id and l.sequence = b.sequence)
        from unnest($1, $2) with ordinality as b(id, sequence, place) order by b.place
        """;

    private const string Find = """
        select (select o.id from shard_owner o where o.workspace = s.workspace and o.tenant = s.tenant and o.shard = s.shard)
        from unnest($1, $2, $3) with ordinality as s(workspace, tenant, shard, place) order by s.place
        """;
}
