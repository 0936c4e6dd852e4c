using Grid.Primitives;
using Grid.Storage.PostgreSql;
using Grid.Storage.Tests.PostgreSql;
using Grid.TestKit.PostgreSql;
using Npgsql;

namespace Grid.Storage.Tests.Backends;

/// <summary>A schema of its own in a server, and folders of copies under the temporary folder.</summary>
public sealed class PostgreSqlBackend(PostgreSqlServer? server = null) : IStoreBackend
{
    private readonly List<string> _folders = [];

    public string Schema { get; } = $"t{Guid.NewGuid():n}";

    private string CopyFolder { get; } = Directory.CreateTempSubdirectory("grid-storage-").FullName;

    public async Task<IGridStore> OpenAsync(StoreFaults? faults = null, TimeProvider? time = null, TimeSpan? grace = null) =>
        await PostgreSqlGridStore.OpenAsync(await OptionsAsync(CopyFolder, faults, time, grace), CancellationToken.None);

    /// <summary>Opens one more store on the same schema, as another process would.</summary>
    public async Task<IGridStore> OpenBesideAsync(StoreFaults? faults = null, int lanes = 4, TimeSpan? commandTimeout = null)
    {
        var folder = Directory.CreateTempSubdirectory("grid-storage-").FullName;
        _folders.Add(folder);
        return await PostgreSqlGridStore.OpenAsync(await OptionsAsync(folder, faults, null, null, lanes, commandTimeout), CancellationToken.None);
    }

    public async Task<PostgreSqlServer> ServerAsync() => server ?? await SharedPostgreSql.GetAsync();

    /// <summary>Cuts every connection of the stores here, whatever it is doing.</summary>
    /// <returns>How many.</returns>
    public async Task<long> CutAsync() =>
        await (await ServerAsync()).QueryAsync<long>($"select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = '{Schema}'");

    /// <summary>How many connections of the stores here wait for a lock.</summary>
    public async Task<long> WaitingAsync() =>
        await (await ServerAsync()).QueryAsync<long>($"select count(*) from pg_stat_activity where application_name = '{Schema}' and wait_event_type = 'Lock'");

    public async Task DamageArtifactAsync(Digest digest, byte[] content)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand("update artifact_chunk set content = $2 where digest = $1 and number = 0", connection)
        {
            Parameters = { new() { Value = Convert.FromHexString(digest.Hex) }, new() { Value = content } },
        };
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
        File.Delete(Path.Combine(CopyFolder, "sha256", digest.Hex[..2], digest.Hex));
    }

    public async Task<int> ExecuteAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync();
    }

    public async Task<long> CountAsync(string table)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand($"select count(*) from {table}", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A connection of its own to the schema.</summary>
    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = await (await ServerAsync()).ConnectAsync();
        await using var command = new NpgsqlCommand($"set search_path = {Schema}", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    public async Task<PostgreSqlStoreOptions> OptionsAsync(string folder, StoreFaults? faults, TimeProvider? time, TimeSpan? grace, int lanes = 4, TimeSpan? commandTimeout = null) => new()
    {
        ConnectionString = $"{(await ServerAsync()).ConnectionString};Application Name={Schema}",
        ArtifactFolder = folder,
        Schema = Schema,
        Lanes = lanes,
        CommandTimeout = commandTimeout ?? TimeSpan.FromSeconds(15),
        Faults = faults,
        Time = time ?? TimeProvider.System,
        SnapshotGrace = grace ?? TimeSpan.FromMinutes(5),
    };

    public ValueTask DisposeAsync()
    {
        foreach (var folder in _folders.Append(CopyFolder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return ValueTask.CompletedTask;
    }
}
