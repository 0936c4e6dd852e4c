using System.Diagnostics;

namespace Grid.Storage.Tests;

/// <summary>A file system of a few megabytes in memory, mounted for one test.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Mounts one; null where this user may not.</summary>
    public static SmallDisk? TryMount(int bytes)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var path = Directory.CreateTempSubdirectory("grid-small-disk-").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", path))
        {
            return new SmallDisk(path);
        }

        Directory.Delete(path);
        return null;
    }

    public void Dispose()
    {
        Assert.True(Run("umount", Path));
        Directory.Delete(Path);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
