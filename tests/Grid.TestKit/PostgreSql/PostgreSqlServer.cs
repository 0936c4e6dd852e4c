using System.Diagnostics;
using System.Globalization;
using Grid.TestKit.Network;
using Npgsql;

namespace Grid.TestKit.PostgreSql;

/// <summary>
/// A throw-away server of its own: its files and its socket are in a temporary folder, it listens on no port, and it ends with this
/// process. It syncs, so that what it says is durable is.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string User = "grid";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly string _folder;
    private readonly string _programs;
    private readonly string[] _settings;
    private readonly NetworkHost? _host;
    private Process? _process;
    private Task _exited = Task.CompletedTask;

    private PostgreSqlServer(string folder, string programs, string[] settings, NetworkHost? host)
    {
        _folder = folder;
        _programs = programs;
        _settings = settings;
        _host = host;
    }

    public string ConnectionString => ConnectionTo("postgres");

    /// <summary>The process whose children serve the connections.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>Where the programs of a server are; null if there is none on this machine.</summary>
    public static string? FindPrograms()
    {
        var debian = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(static d => Path.Combine(d, "bin")) : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return debian.Concat(path).FirstOrDefault(static folder => IsThere(Path.Combine(folder, "initdb")) && IsThere(Path.Combine(folder, "postgres")));
    }

    /// <summary>Makes a cluster and starts it.</summary>
    /// <param name="programs">Folder of the server's programs.</param>
    /// <param name="settings">Settings in place of those for tests: <c>shared_buffers=256MB</c>.</param>
    public static Task<PostgreSqlServer> CreateAsync(string programs, params string[] settings) => CreateAsync(programs, null, settings);

    /// <summary>Makes a cluster and starts it on a host of a network, which the other hosts reach it from; its socket is in the file system that all share.</summary>
    /// <param name="programs">Folder of the server's programs.</param>
    /// <param name="host">Where it runs; null for this machine itself, where it listens on no port.</param>
    /// <param name="settings">Settings in place of those for tests.</param>
    public static async Task<PostgreSqlServer> CreateAsync(string programs, NetworkHost? host, params string[] settings)
    {
        var server = new PostgreSqlServer(Directory.CreateTempSubdirectory("grid-pg-").FullName, programs, settings, host);
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

        if (host is not null)
        {
            await File.AppendAllTextAsync(Path.Combine(server._folder, "data", "pg_hba.conf"), "host all all samenet trust\n");
        }

        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string[] settings =
        [
            $"listen_addresses={_host?.Address}", $"unix_socket_directories={_folder}", "fsync=on", "max_connections=300", "shared_buffers=128MB", "max_wal_size=2GB", "deadlock_timeout=50ms",
            .. _settings,
        ];
        var start = AsNobody("postgres", ["-D", Path.Combine(_folder, "data"), .. settings.SelectMany(static s => (string[])["-c", s])]);

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
        await ready.Task.WaitAsync(StartLimit);
    }

    public string ConnectionTo(string database) => $"Host={_folder};Username={User};Database={database};Include Error Detail=true";

    /// <summary>How the other hosts of its network reach a database.</summary>
    public string NetworkConnectionTo(string database) => $"Host={_host!.Address};Username={User};Database={database};Include Error Detail=true";

    /// <summary>Makes an empty database and says how to reach it.</summary>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        await QueryAsync<object>($"create database \"{name}\"");
        return ConnectionTo(name);
    }

    /// <summary>Removes a database, whoever is connected to it.</summary>
    public Task DropDatabaseAsync(string name) => QueryAsync<object>($"drop database if exists \"{name}\" with (force)");

    /// <summary>Stops the server: open connections are cut, what was committed is kept.</summary>
    public Task StopAsync() => SignalAsync("-INT");

    /// <summary>Stops everything that the server does, its connections too, until <see cref="ThawAsync"/>: it is there and does not answer.</summary>
    public async Task FreezeAsync()
    {
        // The server first, so that no child is born meanwhile.
        await SignalAsync("-STOP", [ProcessId]);
        await SignalAsync("-STOP", await ChildrenAsync());
    }

    public async Task ThawAsync() => await SignalAsync("-CONT", [.. await ChildrenAsync(), ProcessId]);

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
    private async Task<IEnumerable<int>> ChildrenAsync()
    {
        var children = await File.ReadAllTextAsync($"/proc/{ProcessId}/task/{ProcessId}/children");
        return children.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static id => int.Parse(id, CultureInfo.InvariantCulture));
    }

    /// <summary>A process that is gone already is no failure.</summary>
    private static async Task SignalAsync(string signal, IEnumerable<int> processes)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", [signal, .. processes.Select(static id => $"{id}")]) { RedirectStandardError = true })!;
        await kill.StandardError.ReadToEndAsync();
        await kill.WaitForExitAsync();
    }

    private ProcessStartInfo AsNobody(string program, params string[] arguments)
    {
        string[] identity = Environment.IsPrivilegedProcess ? ["--reuid=nobody", "--regid=nogroup", "--clear-groups"] : [];
        string[] command = ["setpriv", .. identity, "--pdeathsig=QUIT", Path.Combine(_programs, program), .. arguments];

        // The host is entered with the rights that the server gives up.
        command = _host?.Command(command) ?? command;
        return new ProcessStartInfo(command[0], command[1..])
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
