using System.Diagnostics;
using Grid.TestKit;

namespace Grid.Deployment.Tests.Support;

/// <summary>Programs that the checks need and that a machine may lack; test.sh installs what it can.</summary>
internal static class Tool
{
    /// <summary>Far more than any takes on a machine that is busy.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    public static string At(params string[] path) => Path.Combine([Repository.Root, .. path]);

    /// <summary>Skips the test, with the reason, where the program is not on the path.</summary>
    public static void Require(string program, string why) =>
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program))),
            $"{program} is not installed: {why}");

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string program, string[] arguments, string? input = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
        }

        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output, await errors);
    }
}
