using Grid.TestKit.Processes;

namespace Grid.Chaos.Processes;

/// <summary>
/// One place of the cluster: a silo's process that is started again whenever it ends, as an operator's supervisor does, until it is told to stay down.
/// Each life writes to the same log file.
/// </summary>
internal sealed class SiloNode : IAsyncDisposable
{
    /// <summary>A supervisor does not start what has just failed over and over without a pause.</summary>
    private static readonly TimeSpan RestartWait = TimeSpan.FromMilliseconds(300);

    /// <summary>So many ends in a row without having been ready are no accident.</summary>
    private const int MaxFailedStarts = 15;

    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(3);

    private readonly IReadOnlyList<string> _arguments;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly StreamWriter _log;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private readonly Task _lives;
    private TaskCompletionSource _ready = NewSignal();
    private TaskCompletionSource _mayRun = NewSignal();
    private TaskCompletionSource _ended = NewSignal();
    private int _processId;
    private bool _isKilled;
    private int _failedStarts;

    public SiloNode(int index, string address, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string logFile)
    {
        Index = index;
        Address = address;
        _arguments = arguments;
        _environment = environment;
        _log = new StreamWriter(logFile) { AutoFlush = true };
        _lives = Task.Run(LivesAsync);
    }

    public int Index { get; }

    /// <summary>Base address of its HTTP door, the same in each life.</summary>
    public string Address { get; }

    /// <summary>How often it ended without being killed by this tool.</summary>
    public int OwnEnds { get; private set; }

    /// <summary>Lets it run, and again after each end.</summary>
    public void Start()
    {
        lock (_lock)
        {
            _mayRun.TrySetResult();
        }
    }

    /// <summary>Completes when the present or the next life has said that it is ready.</summary>
    public async Task ReadyAsync()
    {
        Task ready;
        lock (_lock)
        {
            ready = _ready.Task;
        }

        try
        {
            await ready.WaitAsync(ReadyLimit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Silo {Index} was not ready within {ReadyLimit.TotalMinutes:0} minutes; see its log.");
        }
    }

    /// <summary>SIGKILL: nothing is flushed, nothing is said. It stays down until <see cref="Start"/>.</summary>
    public async Task KillAsync()
    {
        int id;
        Task ended;
        lock (_lock)
        {
            if (_mayRun.Task.IsCompleted)
            {
                _mayRun = NewSignal();
            }

            _isKilled = true;
            (id, ended) = (_processId, _ended.Task);
            if (_ready.Task.IsCompleted)
            {
                _ready = NewSignal();
            }
        }

        if (id != 0)
        {
            await ChildProcesses.SignalAsync("KILL", id);
            await ended;
        }
    }

    /// <summary>Holds it for a while, and lets it go on as if nothing had been.</summary>
    public async Task FreezeAsync(TimeSpan time)
    {
        int id;
        lock (_lock)
        {
            id = _processId;
        }

        if (id != 0)
        {
            await ChildProcesses.SignalAsync("STOP", id);
            await Task.Delay(time);
            await ChildProcesses.SignalAsync("CONT", id);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await KillAsync();
        await _lives;
        await _log.DisposeAsync();
        _ending.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task LivesAsync()
    {
        try
        {
            while (true)
            {
                Task mayRun;
                lock (_lock)
                {
                    mayRun = _mayRun.Task;
                }

                await mayRun.WaitAsync(_ending.Token);
                await LiveAsync();
                await Task.Delay(RestartWait, _ending.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private async Task LiveAsync()
    {
        using var process = await ChildProcesses.StartAsync("dotnet", _arguments, _environment);
        process.OutputDataReceived += (_, line) => OnLine(line.Data);
        process.ErrorDataReceived += (_, line) => OnLine(line.Data);
        bool isKilled;
        lock (_lock)
        {
            (_processId, _ended) = (process.Id, NewSignal());
            _isKilled = false;
            isKilled = !_mayRun.Task.IsCompleted;
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (isKilled)
        {
            // It was told to stay down while it was being started.
            process.Kill();
        }

        await process.WaitForExitAsync();
        lock (_lock)
        {
            _processId = 0;
            _ended.SetResult();
            if (_ready.Task.IsCompleted)
            {
                _ready = NewSignal();
                _failedStarts = 0;
            }

            if (!_isKilled && !isKilled)
            {
                if (++_failedStarts == MaxFailedStarts)
                {
                    _ready.TrySetException(new InvalidOperationException($"Silo {Index} ended {MaxFailedStarts} times before it was ready; see its log."));
                }

                OwnEnds++;
                _log.WriteLine($"--- ended by itself with {process.ExitCode}");
            }
        }
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lock)
        {
            if (!_ending.IsCancellationRequested)
            {
                _log.WriteLine(line);
            }

            if (line.StartsWith("Grid is ready at ", StringComparison.Ordinal))
            {
                _ready.TrySetResult();
            }
        }
    }
}
