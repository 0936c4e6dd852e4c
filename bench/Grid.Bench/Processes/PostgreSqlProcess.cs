using System.Diagnostics;
using Npgsql;

namespace Grid.Bench.Processes;

/// <summary>A throw-away PostgreSQL server that syncs every commit; its files and its socket are in a temporary folder.</summary>
internal sealed class PostgreSqlProcess : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Spawned _process;

    private PostgreSqlProcess(string folder, Spawned process) => (_folder, _process) = (folder, process);

    public int Id => _process.Id;

    public static async Task<PostgreSqlProcess> StartAsync()
    {
        var programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(static d => Path.Combine(d, "bin")).LastOrDefault(static d => File.Exists(Path.Combine(d, "postgres")))
            : null;
        if (programs is null)
        {
            throw new InvalidOperationException("PostgreSQL is missing: install it (bench/run.sh does).");
        }

        var folder = Directory.CreateTempSubdirectory("grid-bench-pg-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "nobody", folder);
        }

        var data = Path.Combine(folder, "data");
        await using (var initdb = await Spawned.StartAsync(Path.Combine(programs, "initdb"), ["-D", data, "-U", "grid", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"], asNobody: true))
        {
            await initdb.LineAsync(static line => line.StartsWith("Success", StringComparison.Ordinal));
        }

        var server = await Spawned.StartAsync(
            Path.Combine(programs, "postgres"),
            ["-D", data, "-c", "listen_addresses=", "-c", $"unix_socket_directories={folder}", "-c", "max_connections=200", "-c", "shared_buffers=256MB", "-c", "max_wal_size=4GB"],
            asNobody: true);
        await server.LineAsync(static line => line.Contains("ready to accept connections", StringComparison.Ordinal));
        return new PostgreSqlProcess(folder, server);
    }

    /// <summary>Makes an empty database and says how to reach it.</summary>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        await using var connection = new NpgsqlConnection(ConnectionTo("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"create database \"{name}\"", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionTo(name);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        for (var attempt = 0; attempt < 20 && Directory.Exists(_folder); attempt++)
        {
            try
            {
                Directory.Delete(_folder, recursive: true);
            }
            catch (IOException)
            {
                // Its children are still ending.
                await Task.Delay(100);
            }
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
    }

    private string ConnectionTo(string database) => $"Host={_folder};Username=grid;Database={database}";
}
