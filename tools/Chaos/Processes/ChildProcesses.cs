using System.Collections.Concurrent;
using System.Diagnostics;

namespace Grid.Chaos.Processes;

/// <summary>
/// Starts processes that end with this one. Linux ties a child's death signal to the thread that started it, so one thread starts them all and lives as
/// long as the process. Thread-safe.
/// </summary>
internal static class ChildProcesses
{
    private static readonly BlockingCollection<Action> s_work = Run();

    /// <param name="program">What to run; it is wrapped in <c>setpriv</c>, which keeps the process id.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="asNobody">Run as nobody where this process is root.</param>
    /// <param name="environment">Added to this process's environment.</param>
    /// <param name="workingFolder">Where it runs.</param>
    public static Task<Process> StartAsync(string program, IEnumerable<string> arguments, bool asNobody = false, IReadOnlyDictionary<string, string>? environment = null, string? workingFolder = null)
    {
        string[] identity = asNobody && Environment.IsPrivilegedProcess ? ["--reuid=nobody", "--regid=nogroup", "--clear-groups"] : [];
        var start = new ProcessStartInfo("setpriv", [.. identity, "--pdeathsig=KILL", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingFolder ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
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
    /// <param name="ids">Process ids.</param>
    public static async Task SignalAsync(string signal, params IEnumerable<int> ids)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", .. ids.Select(static id => $"{id}")]) { RedirectStandardError = true })!;
        await kill.StandardError.ReadToEndAsync();
        await kill.WaitForExitAsync();
    }

    /// <summary>The processes that a process has started and that still live.</summary>
    public static IReadOnlyList<int> ChildrenOf(int id)
    {
        var children = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var child) && ParentOf(folder) == id)
            {
                children.Add(child);
            }
        }

        return children;
    }

    private static int ParentOf(string folder)
    {
        try
        {
            // Behind the name in brackets, which may hold anything: state, then the parent.
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return -1;
        }
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
