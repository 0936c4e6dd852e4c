using Grid.Primitives;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Grid.Storage.Sqlite;

/// <summary>What the engine's result codes mean to an operator.</summary>
internal static class SqliteErrors
{
    /// <summary>A full disk is worth a look once a second; the store itself tries with every append.</summary>
    private const int RetryAfterMs = 1_000;

    /// <summary>What verifies the rows of this engine.</summary>
    public static RowVerifier Rows { get; } = new("state folder");

    /// <param name="failure">What the engine said.</param>
    /// <param name="path">The database file.</param>
    public static GridError Describe(SqliteException failure, string path)
    {
        var target = $"database '{path}'";
        var code = failure.SqliteErrorCode;
        return code switch
        {
            raw.SQLITE_FULL => GridError.Unavailable(target, "The disk is full: the write was refused.", "Free space on the disk of the state folder; writes resume by themselves.", RetryAfterMs),
            raw.SQLITE_IOERR => GridError.Unavailable(target, $"The disk failed (SQLite code {failure.SqliteExtendedErrorCode}).", "Check the disk of the state folder, its mount and its free space.", RetryAfterMs),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => GridError.Unavailable(target, "Another program holds the database.", "Close programs that have the file open, such as a database browser.", RetryAfterMs),
            raw.SQLITE_READONLY or raw.SQLITE_PERM => new GridError(GridErrorCode.FailedPrecondition, target, "The database cannot be written.", "Give this process write permission to the state folder and its files."),
            raw.SQLITE_CANTOPEN => new GridError(GridErrorCode.FailedPrecondition, target, "The database cannot be opened.", "Check that the path is a file that this process may read and write."),
            raw.SQLITE_NOTADB => new GridError(GridErrorCode.FailedPrecondition, target, "The file is not a SQLite database.", "Choose another state folder, or move the file away to start anew."),
            raw.SQLITE_CORRUPT => new GridError(GridErrorCode.Corrupt, target, $"The database file is damaged: {failure.Message}", "Restore the state folder from a backup."),
            raw.SQLITE_TOOBIG => new GridError(GridErrorCode.TooLarge, target, "A row is over the engine's limit of 1,000,000,000 bytes.", "Make blocks, pages and bodies smaller."),
            _ => new GridError(GridErrorCode.Internal, target, $"SQLite code {failure.SqliteExtendedErrorCode}: {failure.Message}"),
        };
    }

    /// <summary>True if the same statements may well succeed when they are run again.</summary>
    public static bool IsTransient(SqliteException failure) =>
        failure.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_IOERR;

    public static bool IsDiskFull(SqliteException failure) => failure.SqliteErrorCode is raw.SQLITE_FULL;
}
