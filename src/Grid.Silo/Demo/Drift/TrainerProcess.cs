using System.Diagnostics;
using Grid.Primitives;

namespace Grid.Silo.Demo.Drift;

/// <summary><c>grid-train</c> as a process of its own: a silo never loads the trainer.</summary>
internal sealed class TrainerProcess
{
    private const string Program = "grid-train.dll";

    private readonly string _path;

    private TrainerProcess(string path) => _path = path;

    /// <summary>Finds the trainer beside this program; or its project above this program, which is then built.</summary>
    /// <exception cref="GridException">There is none, or it does not build.</exception>
    public static async Task<TrainerProcess> FindAsync(CancellationToken cancellationToken)
    {
        var beside = Path.Combine(AppContext.BaseDirectory, Program);
        if (File.Exists(beside))
        {
            return new TrainerProcess(beside);
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var project = Path.Combine(folder.FullName, "src", "Grid.Train");
            if (File.Exists(Path.Combine(project, "Grid.Train.csproj")))
            {
                await RunAsync(["build", project, "-c", "Release", "-v", "q", "-nologo"], cancellationToken);
                return new TrainerProcess(Path.Combine(project, "bin", "Release", $"net{Environment.Version.Major}.0", Program));
            }
        }

        throw GridError.NotFound("grid-train", $"is neither beside '{AppContext.BaseDirectory}' nor a project above it.", "Run the demo from the source tree, or put grid-train beside grid.").ToException();
    }

    /// <returns>What it printed.</returns>
    /// <exception cref="GridException">It failed; the message is its own.</exception>
    public Task<string> RunAsync(CancellationToken cancellationToken, params string[] arguments) => RunAsync([_path, .. arguments], cancellationToken);

    private static async Task<string> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw GridError.NotFound("dotnet", "could not be started.", "Put the .NET SDK on the path.").ToException();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? await output
                : throw new GridError(GridErrorCode.FailedPrecondition, $"'dotnet {string.Join(' ', arguments)}'", $"ended with {process.ExitCode}: {await error}{await output}", "Run it by hand to see why.").ToException();
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
