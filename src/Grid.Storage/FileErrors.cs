using Grid.Primitives;

namespace Grid.Storage;

/// <summary>What the operating system's failures on files mean to an operator.</summary>
internal static class FileErrors
{
    private const int RetryAfterMs = 1_000;

    // errno on Linux and macOS, which .NET hands on as the HResult.
    private const int PermissionDenied = 13;
    private const int NotPermitted = 1;
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int LinuxQuota = 122;

    // HRESULT_FROM_WIN32(ERROR_DISK_FULL) and (ERROR_HANDLE_DISK_FULL).
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <param name="failure">An <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</param>
    /// <param name="target">The folder or file, as an operator finds it.</param>
    public static GridError Describe(Exception failure, string target)
    {
        if (failure is UnauthorizedAccessException || failure.HResult is PermissionDenied or NotPermitted)
        {
            return new GridError(GridErrorCode.FailedPrecondition, target, "This process may not write there.", $"Give user '{Environment.UserName}' write permission to the folder and its files, or choose another folder.");
        }

        return failure.HResult switch
        {
            ReadOnlyFileSystem => new GridError(GridErrorCode.FailedPrecondition, target, "The file system is read-only.", "Mount it writable, or choose another folder."),
            NoSpace or LinuxQuota or WindowsDiskFull or WindowsHandleDiskFull => GridError.Unavailable(target, "The disk is full.", "Free space on that disk; writes resume by themselves.", RetryAfterMs),
            _ => GridError.Unavailable(target, $"The disk failed: {failure.Message}", "Check the disk and its mount.", RetryAfterMs),
        };
    }

    public static bool IsFromDisk(Exception failure) => failure is IOException or UnauthorizedAccessException;
}
