using System.CommandLine;
using Grid.Client.Http;
using Grid.Primitives;

namespace Grid.Train.Commands;

/// <summary>The <c>grid-train</c> command.</summary>
internal static class TrainCommands
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int Usage = 2;

    /// <summary>Runs what the arguments say: 0 done, 1 failed, 2 not understood.</summary>
    public static async Task<int> InvokeAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var root = new RootCommand("Trains gradient boosted trees on a training set, and registers them as a version of a model.")
        {
            TrainCommand.Create(output, error),
            RegisterCommand.Create(output, error),
            ListenCommand.Create(output, error),
        };
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0 && parsed.Action is not (System.CommandLine.Help.HelpAction or null))
        {
            foreach (var mistake in parsed.Errors)
            {
                await error.WriteLineAsync(mistake.Message);
            }

            await error.WriteLineAsync("Run 'grid-train --help' to see what it takes.");
            return Usage;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, cancellationToken);
    }

    /// <summary>Makes an action whose expected failures end in lines and an exit code.</summary>
    public static Func<ParseResult, CancellationToken, Task<int>> Run(TextWriter error, Func<ParseResult, CancellationToken, Task> action) =>
        async (parsed, cancellationToken) =>
        {
            try
            {
                await action(parsed, cancellationToken);
                return Ok;
            }
            catch (GridException e)
            {
                foreach (var mistake in e.Errors)
                {
                    await error.WriteLineAsync(mistake.ToString());
                }

                return Failed;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await error.WriteLineAsync("command: was interrupted.");
                return Failed;
            }
        };
}
