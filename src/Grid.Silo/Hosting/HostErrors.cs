using Grid.Primitives;
using Grid.Silo.Commands;
using Microsoft.Extensions.Options;

namespace Grid.Silo.Hosting;

/// <summary>A silo that cannot start says why and what to do, not where in the code it noticed.</summary>
internal static class HostErrors
{
    public static Func<T, CancellationToken, Task<int>> Told<T>(Func<T, CancellationToken, Task<int>> run) =>
        async (arguments, cancellationToken) =>
        {
            try
            {
                return await run(arguments, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return ExitCodes.Ok;
            }
            catch (GridException e)
            {
                return Tell(e.Errors.Select(error => error.ToString()));
            }
            catch (OptionsValidationException e)
            {
                return Tell(e.Failures);
            }
        };

    private static int Tell(IEnumerable<string> errors)
    {
        foreach (var error in errors)
        {
            Console.Error.WriteLine(error);
        }

        return ExitCodes.Failed;
    }
}
