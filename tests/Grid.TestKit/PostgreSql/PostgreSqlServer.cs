using System.Diagnostics;
using Npgsql;

namespace Grid.TestKit.PostgreSql;

/// <summary>
/// A throw-away server of its own: its files and its socket are in a temporary folder, it listens on no port, and it ends with this
/// process. It syncs, so that what it says is durable is.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string User = "grid";

    private readonly string _folder;
    private readonly string _programs;
    private Process? _process;
    private Task _exited = Task.CompletedTask;

    private PostgreSqlServer(string folder, string programs)
    {
        _folder = folder;
        _programs = programs;
    }

    public string ConnectionString => $"Host={_folder};Username={User};Database=postgres;Include Error Detail=true";

    /// <summary>Where the programs of a server are; null if there is none on this machine.</summary>
    public static string? FindPrograms()
    {
        var debian = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(static d => Path.Combine(d, "bin")) : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return debian.Concat(path).FirstOrDefault(static folder => IsThere(Path.Combine(folder, "initdb")) && IsThere(Path.Combine(folder, "postgres")));
    }

    /// <summary>Makes a cluster and starts it.</summary>
    public static async Task<PostgreSqlServer> CreateAsync(string programs)
    {
        var server = new PostgreSqlServer(Directory.CreateTempSubdirectory("grid-pg-").FullName, programs);
        if (Environment.IsPrivilegedProcess)
        {
            // The server refuses to run as root.
            await RunAsync("chown", "nobody", server._folder);
        }

        using var initdb = Process.Start(server.AsNobody("initdb", "-D", Path.Combine(server._folder, "data"), "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"))!;
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

    public async Task StartAsync()
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = AsNobody(
            "postgres", "-D", Path.Combine(_folder, "data"), "-c", "listen_addresses=", "-c", $"unix_socket_directories={_folder}",
            "-c", "fsync=on", "-c", "max_connections=300", "-c", "shared_buffers=128MB", "-c", "max_wal_size=2GB", "-c", "deadlock_timeout=50ms");

        // The system kills the server when the thread that started it ends: this one lives as long as the server.
        new Thread(() =>
        {
            using var process = Process.Start(start)!;
            _process = process;
            process.OutputDataReceived += static (_, _) => { };
            var log = new List<string>();
            process.ErrorDataReceived += (_, line) =>
            {
                log.Add(line.Data ?? "");
                if (line.Data?.Contains("ready to accept connections", StringComparison.Ordinal) == true)
                {
                    ready.TrySetResult();
                }
            };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            process.WaitForExit();
            ready.TrySetException(new InvalidOperationException(string.Join(Environment.NewLine, log)));
            exited.SetResult();
        })
        { IsBackground = true, Name = "postgres" }.Start();
        _exited = exited.Task;
        await ready.Task;
    }

    /// <summary>Stops the server: open connections are cut, what was committed is kept.</summary>
    public Task StopAsync() => SignalAsync("-INT");

    /// <summary>Stops everything that the server does, its connections too, until <see cref="ThawAsync"/>: it is there and does not answer.</summary>
    public Task FreezeAsync() => SignalAllAsync("-STOP");

    public Task ThawAsync() => SignalAllAsync("-CONT");

    /// <summary>Ends the server as a crash does: it recovers from its log when it starts again.</summary>
    public Task CrashAsync() => SignalAsync("-QUIT");

    /// <summary>Runs a statement on a connection of its own.</summary>
    public async Task<T?> QueryAsync<T>(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await CrashAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A link that points nowhere, which a removed package leaves, exists as a file.</summary>
    private static bool IsThere(string path) => File.Exists(path) && new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true) is not { Exists: false };

    private async Task SignalAsync(string signal)
    {
        if (!_exited.IsCompleted)
        {
            await RunAsync("kill", signal, $"{_process!.Id}");
            await _exited;
        }
    }

    /// <summary>The server has a process for each connection, and each is a process group of its own: all are its children.</summary>
    private async Task SignalAllAsync(string signal)
    {
        var server = _process!.Id;
        var children = await File.ReadAllTextAsync($"/proc/{server}/task/{server}/children");
        foreach (var process in (string[])[$"{server}", .. children.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
        {
            using var kill = Process.Start("kill", [signal, process]);
            await kill.WaitForExitAsync();
        }
    }

    private ProcessStartInfo AsNobody(string program, params string[] arguments)
    {
        string[] identity = Environment.IsPrivilegedProcess ? ["--reuid=nobody", "--regid=nogroup", "--clear-groups"] : [];
        return new ProcessStartInfo("setpriv", [.. identity, "--pdeathsig=QUIT", Path.Combine(_programs, program), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }
}
