using System.Globalization;
using System.Text;
using Grid.Primitives;

namespace Grid.Storage;

/// <summary>
/// A state folder, held by this process alone until it is disposed. The hold is a lock of the operating system on a file, so that it
/// ends with the process, however that ends. Thread-safe.
/// </summary>
public sealed class StateFolder : IDisposable
{
    private const string LockName = "grid.lock";

    // Beside the lock, not in it: the holder's lock keeps others from reading the locked file itself.
    private const string HolderName = "grid.lock.holder";

    // errno of a lock that somebody else holds: EAGAIN on Linux, on macOS; and Windows' sharing violation.
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _lock;

    private StateFolder(string path, FileStream heldLock)
    {
        Path = path;
        _lock = heldLock;
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>Creates the folder if it is not there, and takes it.</summary>
    /// <exception cref="GridException">
    /// FailedPrecondition: another process holds it (named with its process id and host), it cannot be written, or the path is a file.
    /// Unavailable: the disk is full.
    /// </exception>
    public static StateFolder Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        var target = $"state folder '{full}'";
        if (File.Exists(full))
        {
            throw new GridError(GridErrorCode.FailedPrecondition, target, "is a file.", "Name a folder.").ToException();
        }

        FileStream? held = null;
        try
        {
            Directory.CreateDirectory(full);
            held = new FileStream(System.IO.Path.Combine(full, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            WriteHolder(full);
            return new StateFolder(full, held);
        }
        catch (IOException failure) when (held is null && failure.HResult is LinuxWouldBlock or MacWouldBlock or WindowsSharingViolation)
        {
            throw new GridException(
                new GridError(
                    GridErrorCode.FailedPrecondition,
                    target,
                    $"is in use by {ReadHolder(full)}.",
                    "Stop that process, or give this one a state folder of its own."),
                failure);
        }
        catch (Exception failure) when (FileErrors.IsFromDisk(failure))
        {
            held?.Dispose();
            throw new GridException(FileErrors.Describe(failure, target), failure);
        }
    }

    /// <summary>The path of something in the folder.</summary>
    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => _lock.Dispose();

    private static void WriteHolder(string folder)
    {
        var holder = string.Create(
            CultureInfo.InvariantCulture,
            $"process {Environment.ProcessId} on host {Environment.MachineName} since {DateTimeOffset.UtcNow:yyyy-MM-ddTHH:mm:ssZ}");
        File.WriteAllText(System.IO.Path.Combine(folder, HolderName), holder, Encoding.UTF8);
    }

    private static string ReadHolder(string folder)
    {
        try
        {
            var text = File.ReadAllText(System.IO.Path.Combine(folder, HolderName), Encoding.UTF8).Trim();
            return text.Length is > 0 and < 512 ? text : "another process";
        }
        catch (Exception failure) when (FileErrors.IsFromDisk(failure))
        {
            // The holder has not written it yet.
            return "another process";
        }
    }
}
