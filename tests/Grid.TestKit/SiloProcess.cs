using System.Diagnostics;
using System.Text;
using Grid.TestKit.Network;

namespace Grid.TestKit;

/// <summary>A silo in a process of its own, started with <c>grid serve</c> and ended with SIGKILL.</summary>
public sealed class SiloProcess : IAsyncDisposable
{
    /// <summary>A start takes about two seconds; a loaded machine gets far more before the test calls it hung.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);

    private const string ReadyLine = "Grid is ready at ";

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SiloProcess(Process process) => _process = process;

    /// <summary>Base address of the HTTP door.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Everything that it has printed.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <param name="assembly">Path of <c>grid.dll</c>.</param>
    /// <param name="stateFolder">State folder.</param>
    /// <param name="address">HTTP address; port 0 for any.</param>
    /// <param name="environment">Settings on top of the arguments.</param>
    /// <param name="flights">Register the models and views of the flights sample at the start.</param>
    /// <param name="host">Where it runs; null for this machine itself.</param>
    public static async Task<SiloProcess> StartAsync(
        string assembly,
        string stateFolder,
        string address = "http://127.0.0.1:0",
        IReadOnlyDictionary<string, string>? environment = null,
        bool flights = true,
        NetworkHost? host = null)
    {
        string[] content = flights ? ["--models", Path.Combine(Repository.Flights, "models"), "--views", Path.Combine(Repository.Flights, "views")] : [];
        string[] command = ["dotnet", assembly, "serve", "--state", stateFolder, "--address", address, .. content];
        environment ??= new Dictionary<string, string>();
        var silo = new SiloProcess(host is null ? Start(command, environment) : await host.StartAsync(environment, command));
        silo._process.OutputDataReceived += (_, line) => silo.OnLine(line.Data);
        silo._process.ErrorDataReceived += (_, line) => silo.OnLine(line.Data);
        silo._process.Exited += (_, _) => silo._ready.TrySetException(new InvalidOperationException($"The silo ended before it was ready:\n{silo.Output}"));
        silo._process.EnableRaisingEvents = true;
        silo._process.BeginOutputReadLine();
        silo._process.BeginErrorReadLine();
        try
        {
            silo.Address = await silo._ready.Task.WaitAsync(StartLimit);
            return silo;
        }
        catch (TimeoutException e)
        {
            var output = silo.Output;
            await silo.DisposeAsync();
            throw new TimeoutException($"The silo was not ready after {StartLimit}:\n{output}", e);
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Completes when the process is gone, however it ended.</summary>
    public Task ExitedAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>SIGSTOP: no thread runs until <see cref="ThawAsync"/>, and its sockets stay open.</summary>
    public Task FreezeAsync() => SignalAsync("-STOP");

    public Task ThawAsync() => SignalAsync("-CONT");

    /// <summary>SIGTERM: the silo hands over what it holds and ends. Returns when it has.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync(CancellationToken cancellationToken)
    {
        await SignalAsync("-TERM");
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: nothing is flushed, nothing is said. Returns when the process is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static Process Start(string[] command, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        var at = line.IndexOf(ReadyLine, StringComparison.Ordinal);
        if (at >= 0)
        {
            _ready.TrySetResult(line[(at + ReadyLine.Length)..].Trim());
        }
    }
}
