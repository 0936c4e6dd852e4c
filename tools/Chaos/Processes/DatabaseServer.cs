using System.Diagnostics;
using Npgsql;

namespace Grid.Chaos.Processes;

/// <summary>A throw-away PostgreSQL server in a temporary folder, on a socket there and on no port. It syncs, so that what it says is durable is.</summary>
internal sealed class DatabaseServer : IAsyncDisposable
{
    private const string User = "grid";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly string _folder;
    private readonly string _programs;
    private Process? _process;

    private DatabaseServer(string folder, string programs)
    {
        _folder = folder;
        _programs = programs;
    }

    /// <summary>Where the programs of a server are; null if there is none on this machine.</summary>
    public static string? FindPrograms()
    {
        var debian = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(static d => Path.Combine(d, "bin")) : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return debian.Concat(path).FirstOrDefault(static folder => IsThere(Path.Combine(folder, "initdb")) && IsThere(Path.Combine(folder, "postgres")));
    }

    public static async Task<DatabaseServer> CreateAsync(string programs)
    {
        var server = new DatabaseServer(Directory.CreateTempSubdirectory("grid-chaos-pg-").FullName, programs);
        if (Environment.IsPrivilegedProcess)
        {
            // The server refuses to run as root.
            using var chown = Process.Start("chown", ["nobody", server._folder]);
            await chown.WaitForExitAsync();
        }

        using var initdb = await ChildProcesses.StartAsync(
            Path.Combine(programs, "initdb"),
            ["-D", Path.Combine(server._folder, "data"), "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            asNobody: true,
            workingFolder: server._folder);
        var errors = initdb.StandardError.ReadToEndAsync();
        await initdb.StandardOutput.ReadToEndAsync();
        await initdb.WaitForExitAsync();
        if (initdb.ExitCode != 0)
        {
            throw new InvalidOperationException($"initdb failed: {await errors}");
        }

        await server.StartAsync();
        return server;
    }

    public string ConnectionString(string database) => $"Host={_folder};Username={User};Database={database};Include Error Detail=true";

    public async Task CreateDatabaseAsync(string name)
    {
        await using var source = NpgsqlDataSource.Create($"{ConnectionString("postgres")};Pooling=false");
        await using var command = source.CreateCommand($"create database \"{name}\"");
        await command.ExecuteNonQueryAsync();
    }

    public async Task DropDatabaseAsync(string name)
    {
        await using var source = NpgsqlDataSource.Create($"{ConnectionString("postgres")};Pooling=false");
        await using var command = source.CreateCommand($"drop database if exists {name} with (force)");
        await command.ExecuteNonQueryAsync();
    }

    public async Task StartAsync()
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var log = new List<string>();
        var process = await ChildProcesses.StartAsync(
            Path.Combine(_programs, "postgres"),
            [
                "-D", Path.Combine(_folder, "data"), "-c", "listen_addresses=", "-c", $"unix_socket_directories={_folder}",
                "-c", "max_connections=300", "-c", "shared_buffers=64MB", "-c", "deadlock_timeout=100ms",
            ],
            asNobody: true,
            workingFolder: _folder);
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += (_, line) =>
        {
            lock (log)
            {
                log.Add(line.Data ?? "");
            }

            if (line.Data is null)
            {
                ready.TrySetException(new InvalidOperationException("PostgreSQL ended: " + string.Join('\n', log)));
            }
            else if (line.Data.Contains("ready to accept connections", StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        await ready.Task.WaitAsync(StartLimit);
    }

    /// <summary>Ends the server and starts it again.</summary>
    /// <param name="isCrash">As a crash does, so that it recovers from its log; otherwise connections are cut and it stops in order.</param>
    public async Task RestartAsync(bool isCrash, TimeSpan down)
    {
        await StopAsync(isCrash);
        await Task.Delay(down);
        await StartAsync();
    }

    /// <summary>Holds all of its processes for a while: connections stay open and nobody answers.</summary>
    public async Task PauseAsync(TimeSpan time)
    {
        // The postmaster first, so that none is born meanwhile.
        var id = _process!.Id;
        await ChildProcesses.SignalAsync("STOP", id);
        var children = ChildProcesses.ChildrenOf(id);
        await ChildProcesses.SignalAsync("STOP", children);
        await Task.Delay(time);
        await ChildProcesses.SignalAsync("CONT", [.. children, id]);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(isCrash: true);
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A link that points nowhere, which a removed package leaves, exists as a file.</summary>
    private static bool IsThere(string path) => File.Exists(path) && new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true) is not { Exists: false };

    private async Task StopAsync(bool isCrash)
    {
        if (_process is { } process)
        {
            await ChildProcesses.SignalAsync(isCrash ? "QUIT" : "INT", process.Id);
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }
}
