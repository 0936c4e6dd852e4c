using System.CommandLine;
using Grid.Client;
using Grid.Primitives;

namespace Grid.Silo.Commands;

/// <summary>What every client command shares: the options that say where the grid is, the output, and how failures end.</summary>
internal sealed class CommandContext(CommandOutput output, Func<string, string, ClientLease> connect)
{
    public Option<string> Server { get; } = new("--server")
    {
        Description = "Base address of a silo, or GRID_SERVER.",
        Recursive = true,
        DefaultValueFactory = static _ => Environment.GetEnvironmentVariable("GRID_SERVER") is { Length: > 0 } server ? server : GridCommands.DefaultServer,
    };

    public Option<string> Workspace { get; } = new("--workspace")
    {
        Description = "The workspace whose models and views are used.",
        Recursive = true,
        DefaultValueFactory = static _ => GridNames.DefaultWorkspace,
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Print JSON for machines.", Recursive = true };

    public CommandOutput Output { get; } = output;

    /// <summary>Makes an action that runs with a client and ends in an exit code.</summary>
    public Func<ParseResult, CancellationToken, Task<int>> Run(Func<ParseResult, IGridClient, CancellationToken, Task<int>> action) =>
        RunLocal(async (parsed, cancellationToken) =>
        {
            using var lease = connect(parsed.GetValue(Server)!, parsed.GetValue(Workspace)!);
            return await action(parsed, lease.Client, cancellationToken);
        });

    /// <summary>Makes an action that needs no silo and ends in an exit code.</summary>
    public Func<ParseResult, CancellationToken, Task<int>> RunLocal(Func<ParseResult, CancellationToken, Task<int>> action) =>
        async (parsed, cancellationToken) =>
        {
            try
            {
                return await action(parsed, cancellationToken);
            }
            catch (GridException e)
            {
                Output.WriteErrors(e.Errors);
                return ExitCodes.Failed;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                Output.Error.WriteLine("command: was interrupted.");
                return ExitCodes.Failed;
            }
        };

    public bool WantsJson(ParseResult parsed) => parsed.GetValue(Json);
}
