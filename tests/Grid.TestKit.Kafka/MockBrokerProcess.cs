using System.Diagnostics;

namespace Grid.TestKit.Kafka;

/// <summary>Mock brokers in a process of their own, for tests of several processes. One command at a time.</summary>
public sealed class MockBrokerProcess : IAsyncDisposable
{
    /// <summary>A start takes under a second; a loaded machine gets far more before the test calls it hung.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly Process _process;

    private MockBrokerProcess(Process process) => _process = process;

    public string BootstrapServers { get; private set; } = "";

    /// <param name="assembly">Path of <c>MockBroker.dll</c>.</param>
    /// <param name="arguments">For example <c>--topic features:8</c>.</param>
    public static async Task<MockBrokerProcess> StartAsync(string assembly, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [assembly, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var brokers = new MockBrokerProcess(process);
        try
        {
            brokers.BootstrapServers = await brokers.LineAsync();
            return brokers;
        }
        catch
        {
            await brokers.DisposeAsync();
            throw;
        }
    }

    /// <summary>The answer: <c>ok</c>, or <c>error: …</c>.</summary>
    public async Task<string> SendAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        return await LineAsync();
    }

    /// <summary>Asks it to end, and gives its exit code.</summary>
    public async Task<int> QuitAsync()
    {
        await _process.StandardInput.WriteLineAsync("quit");
        await _process.StandardInput.FlushAsync();
        await _process.WaitForExitAsync().WaitAsync(Limit);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task<string> LineAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Limit) ?? throw new InvalidOperationException("The brokers' process has ended.");
}
