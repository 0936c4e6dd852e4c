using Grid.Primitives;
using Grid.Storage;

namespace Grid.Silo.Demo;

/// <summary>The demo's folder: the grid's state, and beside it what the application was answered.</summary>
internal static class DemoState
{
    public static string LedgerFolder(string stateFolder) => Path.Combine(stateFolder, "application");

    /// <summary>Marks the folder as the demo's before anything else is in it, so that --reset will know it.</summary>
    public static void Claim(string stateFolder) => Directory.CreateDirectory(LedgerFolder(stateFolder));

    /// <summary>Deletes the folder, if it is one that the demo made and that nothing uses.</summary>
    /// <exception cref="GridException">The folder holds something else.</exception>
    public static void Delete(string stateFolder)
    {
        if (!Directory.Exists(stateFolder))
        {
            return;
        }

        if (Directory.EnumerateFileSystemEntries(stateFolder).Any() && !Directory.Exists(LedgerFolder(stateFolder)))
        {
            throw new GridError(
                GridErrorCode.FailedPrecondition,
                $"folder '{stateFolder}'",
                "was not made by the demo, so --reset leaves it alone.",
                "Name another folder with --state, or delete it yourself.").ToException();
        }

        // Opening takes the folder's lock: a demo that still runs on it is not pulled away from under it.
        using (StateFolder.Open(stateFolder))
        {
        }

        Directory.Delete(stateFolder, recursive: true);
    }
}
