using Npgsql;

namespace Grid.Chaos.Checking;

/// <summary>
/// What the checker reads from the database of a run. A trigger of its own copies every block that is ever committed, because snapshots cut the log and a
/// store without fencing would overwrite it.
/// </summary>
internal sealed class GridDatabase(string connectionString) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);

    /// <summary>Begins to copy blocks. Before the first event, after the first silo has made the tables.</summary>
    public Task RecordAsync() => RunAsync("""
        create table public.recorded (n bigint generated always as identity primary key, owner_id bigint not null, sequence bigint not null, epoch bigint not null, payload bytea not null);
        create function public.record_block() returns trigger language plpgsql as
            'begin insert into public.recorded (owner_id, sequence, epoch, payload) values (new.owner_id, new.sequence, new.epoch, new.payload); return null; end';
        create trigger record_block after insert or update on grid.shard_log for each row execute function public.record_block();
        """);

    /// <summary>By partition: the offset up to which everything is durable.</summary>
    public async Task<IReadOnlyDictionary<int, long>> FrontiersAsync() =>
        (await ReadAsync("select partition, frontier from grid.source_frontier", static row => (row.GetInt32(0), row.GetInt64(1)))).ToDictionary();

    /// <summary>Every block that was committed, in the order of commit.</summary>
    public Task<List<RecordedBlock>> BlocksAsync() => ReadAsync(
        "select o.tenant, r.sequence, r.epoch, r.payload from public.recorded r join grid.shard_owner o on o.id = r.owner_id order by r.n",
        static row => new RecordedBlock(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetFieldValue<byte[]>(3)));

    /// <summary>Source, position, reason and message of every dead letter.</summary>
    public Task<List<(string Source, string Position, string Reason, string Message)>> DeadLettersAsync() =>
        ReadAsync("select source, position, reason, message from grid.dead_letter", static row => (row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)));

    /// <summary>Times that a shard was taken, and shards with a snapshot.</summary>
    public async Task<(int Epochs, int Snapshots)> CountsAsync() =>
        (await ReadAsync("select coalesce(sum(epoch), 0)::int, count(*) filter (where base_sequence > 0)::int from grid.shard_owner", static row => (row.GetInt32(0), row.GetInt32(1))))[0];

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task RunAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<List<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> row)
    {
        await using var command = _source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(row(reader));
        }

        return rows;
    }
}
