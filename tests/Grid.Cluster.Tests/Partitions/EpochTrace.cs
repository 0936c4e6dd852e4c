using Grid.TestKit.PostgreSql;
using Npgsql;

namespace Grid.Cluster.Tests.Partitions;

/// <summary>
/// A copy, made by the database itself, of every epoch that is taken and of every block that is committed. Both lock the shard's row until they are committed,
/// so the numbers of one shard are in the order in which it happened.
/// </summary>
internal sealed class EpochTrace(PostgreSqlServer server, string database)
{
    private readonly string _connection = $"{server.ConnectionTo(database)};Pooling=false";

    /// <summary>Begins to copy: before the first shard wakes, after the silos have made the tables.</summary>
    public async Task BeginAsync()
    {
        await using var connection = new NpgsqlConnection(_connection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            create table public.trace (n bigint generated always as identity primary key, shard bigint not null, epoch bigint not null, owner text, sequence bigint);
            create function public.trace_take() returns trigger language plpgsql as
                'begin insert into public.trace (shard, epoch, owner) values (new.id, new.epoch, new.owner); return null; end';
            create function public.trace_block() returns trigger language plpgsql as
                'begin insert into public.trace (shard, epoch, sequence) values (new.owner_id, new.epoch, new.sequence); return null; end';
            create trigger trace_take after update on grid.shard_owner for each row when (new.epoch <> old.epoch) execute function public.trace_take();
            create trigger trace_block after insert or update on grid.shard_log for each row execute function public.trace_block();
            """,
            connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<IReadOnlyList<TraceRow>> ReadAsync()
    {
        await using var connection = new NpgsqlConnection(_connection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select t.n, o.tenant, t.epoch, t.owner, coalesce(t.sequence, 0) from public.trace t join grid.shard_owner o on o.id = t.shard order by t.n", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<TraceRow>();
        while (await reader.ReadAsync())
        {
            rows.Add(new TraceRow(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetInt64(4)));
        }

        return rows;
    }

    /// <summary>Fails where a shard had two writers: a block of another epoch than the last taken, a hole in the log, an epoch that two silos took.</summary>
    public static void RequireOneWriter(IReadOnlyList<TraceRow> rows)
    {
        var epochs = new Dictionary<string, long>();
        var blocks = new Dictionary<string, long>();
        foreach (var row in rows)
        {
            var epoch = epochs.GetValueOrDefault(row.Tenant);
            if (row.IsTake)
            {
                Assert.True(row.Epoch > epoch, $"{row} follows epoch {epoch}");
                epochs[row.Tenant] = row.Epoch;
            }
            else
            {
                Assert.True(row.Epoch == epoch, $"{row} was committed under epoch {epoch}");
                Assert.True(row.Sequence == blocks.GetValueOrDefault(row.Tenant) + 1, $"{row} follows block {blocks.GetValueOrDefault(row.Tenant)}");
                blocks[row.Tenant] = row.Sequence;
            }
        }

        Assert.True(blocks.Count > 0, "Nothing was committed.");
    }

    /// <summary>Fails where a silo took an epoch after others had taken one of its shards from it.</summary>
    /// <returns>Tenants whose shards were taken from it.</returns>
    public static IReadOnlyList<string> RequireGone(IReadOnlyList<TraceRow> rows, string silo)
    {
        var owners = new Dictionary<string, string>();
        var taken = new List<string>();
        foreach (var row in rows.Where(static row => row.IsTake))
        {
            Assert.True(row.Owner != silo || taken.Count == 0, $"{row} came after {string.Join(", ", taken)} had been taken from {silo}");
            if (owners.GetValueOrDefault(row.Tenant) == silo && row.Owner != silo)
            {
                taken.Add(row.Tenant);
            }

            owners[row.Tenant] = row.Owner!;
        }

        return taken;
    }
}
