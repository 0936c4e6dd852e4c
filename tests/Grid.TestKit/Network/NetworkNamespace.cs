using System.Diagnostics;
using Grid.TestKit.Processes;

namespace Grid.TestKit.Network;

/// <summary>A network namespace, and the process that holds it.</summary>
internal sealed class NetworkNamespace : IAsyncDisposable
{
    private readonly Process _holder;

    private NetworkNamespace(Process holder) => _holder = holder;

    public int ProcessId => _holder.Id;

    /// <summary>What stands for the namespace in the file system.</summary>
    public string Path => $"/proc/{ProcessId}/ns/net";

    public static async Task<NetworkNamespace> CreateAsync()
    {
        // It waits for the end of its input, which comes with the end of this process at the latest.
        var holder = await ChildProcesses.StartAsync("unshare", ["--net", "sh", "-c", "readlink /proc/self/ns/net && exec cat"], new Dictionary<string, string>());
        var space = new NetworkNamespace(holder);
        var name = await holder.StandardOutput.ReadLineAsync();
        if (string.IsNullOrEmpty(name) || name == new FileInfo("/proc/self/ns/net").LinkTarget)
        {
            var reason = await holder.StandardError.ReadToEndAsync();
            await space.DisposeAsync();
            throw new InvalidOperationException($"unshare --net made no namespace: {reason.Trim()}");
        }

        return space;
    }

    /// <summary>The words of a command that runs in the namespace, in the process that is started.</summary>
    public string[] Command(params IEnumerable<string> command) => ["nsenter", $"--net={Path}", .. command];

    /// <summary>Runs lines of <c>ip</c>.</summary>
    /// <exception cref="InvalidOperationException">One of them failed.</exception>
    public async Task ConfigureAsync(params string[] lines)
    {
        var command = Command("ip", "-batch", "-");
        using var ip = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        foreach (var line in lines)
        {
            await ip.StandardInput.WriteLineAsync(line);
        }

        ip.StandardInput.Close();
        var errors = await ip.StandardError.ReadToEndAsync();
        await ip.WaitForExitAsync();
        if (ip.ExitCode != 0)
        {
            throw new InvalidOperationException($"ip {string.Join("; ", lines)} failed: {errors.Trim()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _holder.Kill();
        await _holder.WaitForExitAsync();
        _holder.Dispose();
    }
}
