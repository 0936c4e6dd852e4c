using System.Runtime.InteropServices;

namespace Grid.Storage.Tests;

/// <summary>Runs an action on a thread whose file permissions are those of nobody: root, who runs tests in containers, may write everywhere.</summary>
internal static partial class UnprivilegedThread
{
    private const uint Nobody = 65_534;

    public static Exception? Run(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            // Linux keeps this identity for each thread by itself. Without root it changes nothing and permissions hold anyway.
            _ = SetFileSystemGroup(Nobody);
            _ = SetFileSystemUser(Nobody);
            failure = Record.Exception(action);
        });
        thread.Start();
        thread.Join();
        return failure;
    }

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileSystemUser(uint user);

    [LibraryImport("libc", EntryPoint = "setfsgid")]
    private static partial int SetFileSystemGroup(uint group);
}
