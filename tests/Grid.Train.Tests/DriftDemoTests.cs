using System.Diagnostics;
using Grid.TestKit;

namespace Grid.Train.Tests;

/// <summary>The loop as the README shows it: five months of flights, drift, a training in a process of its own, a promotion, a rejection.</summary>
public sealed class DriftDemoTests
{
    /// <summary>Generous: a test that waits longer is broken, a machine that is busy is not.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>Where `dotnet run` finds it: in a folder of its own, from which it must find the trainer.</summary>
    private static string Program
    {
        get
        {
            var output = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(Repository.Root, "src", "Grid.Silo", "bin", output.Parent!.Name, output.Name, "grid.dll");
        }
    }

    [Fact]
    public async Task TheLoop_ClosesByItself_AndNoRequestFails()
    {
        using var folder = new TempFolder();
        var start = new ProcessStartInfo("dotnet", [Program, "demo", "--drift", "--state", folder.Sub("state")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var demo = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var error = demo.StandardError.ReadToEndAsync(limit.Token);
            var output = await demo.StandardOutput.ReadToEndAsync(limit.Token);
            await demo.WaitForExitAsync(limit.Token);
            Assert.True(demo.ExitCode == 0, $"It ended with {demo.ExitCode}:\n{output}\n{await error}");

            // The program judges itself; that it had something to judge is said here.
            Assert.Matches(@"OK: drift was seen when it came, version retrain-\w+ was trained and took over, the bad one was thrown back; 738,499 predictions, none failed\.", output);
        }
        finally
        {
            if (!demo.HasExited)
            {
                demo.Kill(entireProcessTree: true);
            }
        }
    }
}
