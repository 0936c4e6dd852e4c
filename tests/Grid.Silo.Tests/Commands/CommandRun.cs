using Grid.Silo.Commands;

namespace Grid.Silo.Tests.Commands;

/// <summary>One run of the grid command with what it printed.</summary>
internal sealed class CommandRun
{
    public ServeArguments? Served { get; private set; }

    public DemoArguments? Demoed { get; private set; }

    public string Out { get; private set; } = "";

    public string Error { get; private set; } = "";

    public int Code { get; private set; }

    public static async Task<CommandRun> OfAsync(bool terminal, params string[] arguments)
    {
        var run = new CommandRun();
        using var output = new StringWriter();
        using var error = new StringWriter();
        var commands = GridCommands.Create(
            (served, _) =>
            {
                run.Served = served;
                return Task.FromResult(ExitCodes.Ok);
            },
            (demoed, _) =>
            {
                run.Demoed = demoed;
                return Task.FromResult(7);
            },
            new CommandOutput(output, error, terminal),
            ClientLease.Connect);
        run.Code = await commands.InvokeAsync(arguments);
        run.Out = output.ToString();
        run.Error = error.ToString();
        return run;
    }

    public static Task<CommandRun> OfAsync(params string[] arguments) => OfAsync(terminal: false, arguments);
}
