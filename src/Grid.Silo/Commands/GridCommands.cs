using System.CommandLine;

namespace Grid.Silo.Commands;

/// <summary>The <c>grid</c> command.</summary>
internal sealed class GridCommands
{
    public const string DefaultServer = "http://127.0.0.1:8000";

    /// <summary>The library ends the process two seconds after SIGTERM if it is not told otherwise; a silo may hand over for ten minutes, and then has to stop.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(12);

    private readonly RootCommand _root;
    private readonly CommandOutput _output;

    private GridCommands(RootCommand root, CommandOutput output)
    {
        _root = root;
        _output = output;
    }

    /// <param name="serve">Runs a silo until it is stopped; returns the exit code.</param>
    /// <param name="demo">Runs the demo; returns the exit code.</param>
    public static GridCommands Create(Func<ServeArguments, CancellationToken, Task<int>> serve, Func<DemoArguments, CancellationToken, Task<int>> demo) =>
        Create(serve, demo, CommandOutput.ForConsole(), ClientLease.Connect);

    /// <inheritdoc cref="Create(Func{ServeArguments, CancellationToken, Task{int}}, Func{DemoArguments, CancellationToken, Task{int}})"/>
    /// <param name="serve">Runs a silo.</param>
    /// <param name="demo">Runs the demo.</param>
    /// <param name="output">Where to print.</param>
    /// <param name="connect">Makes a client for an address and a workspace.</param>
    public static GridCommands Create(
        Func<ServeArguments, CancellationToken, Task<int>> serve,
        Func<DemoArguments, CancellationToken, Task<int>> demo,
        CommandOutput output,
        Func<string, string, ClientLease> connect)
    {
        var context = new CommandContext(output, connect);
        var root = new RootCommand("Grid: predictions where the features live.")
        {
            context.Server,
            context.Workspace,
            context.Json,
            HostCommands.Serve(serve),
            HostCommands.Demo(demo),
            PredictCommands.Predict(context),
            PredictCommands.Features(context),
            EventCommands.Events(context),
            OutcomeCommands.Outcomes(context),
            ReplayCommands.Replay(context),
            DatasetCommands.Datasets(context),
            EraseCommands.Erase(context),
            StreamCommands.Streams(context),
            ModelCommands.Models(context),
            SignalCommands.Signals(context),
            SignalCommands.Monitor(context),
            SignalCommands.Retrain(context),
            ViewCommands.Views(context),
            TenantCommands.Tenants(context),
            ClusterCommands.Cluster(context),
            ClusterCommands.Drain(context),
            BalanceCommands.Rebalance(context),
            BalanceCommands.Explain(context),
        };
        return new GridCommands(root, output);
    }

    /// <summary>Runs what the arguments say: 0 done, 1 failed, 2 not understood.</summary>
    public async Task<int> InvokeAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken = default)
    {
        var parsed = _root.Parse(arguments);
        if (parsed.Errors.Count > 0 && parsed.Action is not (System.CommandLine.Help.HelpAction or null))
        {
            foreach (var error in parsed.Errors)
            {
                _output.Error.WriteLine(error.Message);
            }

            _output.Error.WriteLine($"Run 'grid {CommandPath(parsed)}--help' to see what it takes.");
            return ExitCodes.Usage;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { Output = _output.Out, Error = _output.Error, ProcessTerminationTimeout = StopLimit }, cancellationToken);
    }

    private static string CommandPath(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var at = parsed.CommandResult; at?.Parent is not null; at = at.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Push(at.Command.Name);
        }

        return string.Concat(names.Select(static n => $"{n} "));
    }
}
