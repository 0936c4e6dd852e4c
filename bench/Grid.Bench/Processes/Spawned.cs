using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using Grid.Bench.Measuring;

namespace Grid.Bench.Processes;

/// <summary>A process that ends with this one, whatever ends this one. Its output is read line by line.</summary>
internal sealed class Spawned : IAsyncDisposable
{
    /// <summary>Generous: a start takes seconds, a loaded machine gets far more.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>A signal reaches threads that run on other cores a moment later.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromMilliseconds(20);

    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process _process = null!;
    private double? _frozenAt;

    private Spawned()
    {
    }

    public int Id => _process.Id;

    /// <summary>Starts a program; the standard output and the standard error are one stream of lines.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Settings on top of this process's.</param>
    public static async Task<Spawned> StartAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("setpriv", ["--pdeathsig=KILL", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        // The kernel ends the process when the thread that started it ends: this one lives as long as the process.
        var spawned = new Spawned();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => spawned.Run(start, started)) { IsBackground = true, Name = program }.Start();
        await started.Task;
        return spawned;
    }

    /// <summary>Starts a .NET program.</summary>
    public static Task<Spawned> StartDotnetAsync(string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        StartAsync(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", [assembly, .. arguments], environment);

    /// <summary>The next line of the output that the condition holds for.</summary>
    /// <exception cref="InvalidOperationException">The process ended, or was silent for too long; with what it said.</exception>
    public async Task<string> LineAsync(Func<string, bool> isIt)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(patience.Token))
            {
                if (isIt(line))
                {
                    return line;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Said below.
        }

        lock (_output)
        {
            throw new InvalidOperationException($"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} did not say what it should:\n{_output}");
        }
    }

    /// <summary>Gives it a line of input.</summary>
    public async Task SayAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Stops it where it stands, so that it takes nothing from what is measured beside it, and works on nothing before its turn.</summary>
    public async Task FreezeAsync()
    {
        await SignalAsync("-STOP");
        await Task.Delay(SettleTime);
        _frozenAt = ProcessCpu.SecondsOf(Id);
    }

    /// <exception cref="InvalidOperationException">It has run since it was frozen: what follows would be measured wrongly.</exception>
    public Task ThawAsync()
    {
        if (_frozenAt is { } then && ProcessCpu.SecondsOf(Id) - then is var ran && ran > 0)
        {
            throw new InvalidOperationException($"Process {Id} ran for {ran:0.00} s of CPU while it was to stand still: something continued it. The round is not valid; run again.");
        }

        _frozenAt = null;
        return SignalAsync("-CONT");
    }

    /// <summary>SIGKILL; returns when it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _exited.Task;
    }

    /// <summary>SIGTERM; returns when it has ended by itself.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="TimeoutException">It did not end.</exception>
    public async Task<int> TerminateAsync()
    {
        await SignalAsync("-TERM");
        await _exited.Task.WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>SIGSTOP, whatever it is doing; <see cref="WakeAsync"/> lets it go on.</summary>
    public Task StunAsync() => SignalAsync("-STOP");

    public Task WakeAsync() => SignalAsync("-CONT");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Run(ProcessStartInfo start, TaskCompletionSource started)
    {
        try
        {
            var process = _process = Process.Start(start)!;
            process.OutputDataReceived += (_, line) => Take(line.Data);
            process.ErrorDataReceived += (_, line) => Take(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            started.SetResult();
            process.WaitForExit();
        }
        catch (Exception e) when (!started.Task.IsCompleted)
        {
            started.SetException(e);
        }

        _lines.Writer.TryComplete();
        _exited.TrySetResult();
    }

    private void Take(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.AppendLine(line);
            }

            _lines.Writer.TryWrite(line);
        }
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{Id}"]);
        await kill.WaitForExitAsync();
    }
}
