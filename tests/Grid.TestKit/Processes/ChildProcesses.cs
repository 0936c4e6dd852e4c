using System.Collections.Concurrent;
using System.Diagnostics;

namespace Grid.TestKit.Processes;

/// <summary>
/// Starts processes that end with this one. Linux ties a child's death signal to the thread that started it, so one thread starts them all and lives as
/// long as the process. Thread-safe.
/// </summary>
public static class ChildProcesses
{
    private static readonly BlockingCollection<Action> s_work = Run();

    /// <param name="program">What to run; it is wrapped in <c>setpriv</c>, which keeps the process id.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Added to this process's environment.</param>
    public static Task<Process> StartAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("setpriv", ["--pdeathsig=KILL", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        s_work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        });
        return started.Task;
    }

    /// <summary>Sends a signal. A process that is gone already is no failure.</summary>
    /// <param name="signal">For example <c>STOP</c>.</param>
    /// <param name="id">Process id.</param>
    public static async Task SignalAsync(string signal, int id)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", $"{id}"]) { RedirectStandardError = true })!;
        await kill.StandardError.ReadToEndAsync();
        await kill.WaitForExitAsync();
    }

    private static BlockingCollection<Action> Run()
    {
        var work = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var action in work.GetConsumingEnumerable())
            {
                action();
            }
        })
        { IsBackground = true, Name = "starts processes" }.Start();
        return work;
    }
}
