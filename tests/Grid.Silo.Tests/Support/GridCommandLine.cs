using Grid.Silo.Commands;

namespace Grid.Silo.Tests.Support;

/// <summary>Runs the <c>grid</c> command in this process and keeps what it prints.</summary>
internal static class GridCommandLine
{
    public static async Task<(int Code, string Out, string Error)> RunAsync(string server, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var commands = GridCommands.Create(
            static (_, _) => throw new InvalidOperationException("No test serves."),
            static (_, _) => throw new InvalidOperationException("No test runs the demo."),
            new CommandOutput(output, error, isTerminal: false),
            ClientLease.Connect);
        var code = await commands.InvokeAsync([.. arguments, "--server", server], TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
