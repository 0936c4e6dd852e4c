using Grid.Primitives;
using Npgsql;

namespace Grid.Storage.PostgreSql;

/// <summary>What the failures of the engine and of the way to it mean to an operator.</summary>
internal static class PostgreSqlErrors
{
    /// <summary>A database that is away is worth a try once a second; the store itself tries with every call.</summary>
    private const int RetryAfterMs = 1_000;

    /// <summary>The server gave up a session whose transaction stood still for too long: nothing of it happened. Npgsql has no name for it.</summary>
    private const string IdleInTransaction = "25P03";

    /// <summary>What verifies the rows of this engine.</summary>
    public static RowVerifier Rows { get; } = new("database");

    /// <param name="failure">What Npgsql threw.</param>
    /// <param name="target">The database, as an operator finds it.</param>
    public static GridError Describe(Exception failure, string target)
    {
        if (failure is not PostgresException engine)
        {
            return failure switch
            {
                { InnerException: TimeoutException } or TimeoutException => GridError.Unavailable(target, "The database did not answer in time.", "Check its load, its disk and the network; calls succeed again by themselves.", RetryAfterMs),
                NpgsqlException or IOException or System.Net.Sockets.SocketException => GridError.Unavailable(target, $"The database cannot be reached: {failure.Message}", "Start it, or check the network; calls succeed again by themselves.", RetryAfterMs),
                _ => new GridError(GridErrorCode.Internal, target, failure.ToString()),
            };
        }

        return engine.SqlState switch
        {
            PostgresErrorCodes.DiskFull => GridError.Unavailable(target, "The disk of the database is full: the write was refused.", "Free space there; writes resume by themselves.", RetryAfterMs),
            PostgresErrorCodes.TooManyConnections => GridError.Unavailable(target, "The database takes no more connections.", "Raise its max_connections, or use fewer silos or lanes.", RetryAfterMs),
            PostgresErrorCodes.ReadOnlySqlTransaction => GridError.Unavailable(target, "The database is read-only: a standby, or one that is being switched over.", "Name the primary, or wait for it.", RetryAfterMs),
            PostgresErrorCodes.ProgramLimitExceeded => new GridError(GridErrorCode.TooLarge, target, $"A row is over a limit of the engine: {engine.MessageText}", "Make blocks, pages, bodies and names smaller."),
            PostgresErrorCodes.InvalidCatalogName => new GridError(GridErrorCode.FailedPrecondition, target, engine.MessageText, "Create the database, or name another one."),
            PostgresErrorCodes.InsufficientPrivilege => new GridError(GridErrorCode.FailedPrecondition, target, engine.MessageText, "Grant the user the right to create in the database and to use its schema."),
            PostgresErrorCodes.UndefinedTable => new GridError(GridErrorCode.FailedPrecondition, target, engine.MessageText, "Start a silo anew to migrate the database, or restore it."),
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => new GridError(GridErrorCode.FailedPrecondition, target, engine.MessageText, "Correct user and password in the connection string, or the server's pg_hba.conf."),
            PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => new GridError(GridErrorCode.Corrupt, target, engine.MessageText, "Restore the database from a backup."),
            _ when IsTransient(engine) => GridError.Unavailable(target, $"{engine.MessageText} ({engine.SqlState}).", null, RetryAfterMs),
            _ => new GridError(GridErrorCode.Internal, target, $"PostgreSQL {engine.SqlState}: {engine.MessageText}"),
        };
    }

    /// <summary>True if this is a failure of the engine or of the way to it, and no bug of the caller.</summary>
    public static bool IsEngine(Exception failure) => failure is NpgsqlException or IOException or TimeoutException or System.Net.Sockets.SocketException;

    /// <summary>True if the same statements may well succeed when they are run again.</summary>
    public static bool IsTransient(Exception failure) => failure is PostgresException engine
        ? engine.IsTransient || engine.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.QueryCanceled or IdleInTransaction
        : IsEngine(failure);

    /// <summary>True if running the statements again at once is of no use: nobody answers, the disk is full, or the server starts or stops.</summary>
    public static bool IsAway(Exception failure) => failure switch
    {
        PostgresException engine => engine.SqlState is PostgresErrorCodes.DiskFull or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
            or PostgresErrorCodes.ReadOnlySqlTransaction,
        _ => failure is PostgreSqlUnreachableException or TimeoutException or { InnerException: TimeoutException },
    };

    /// <summary>What the engine says on a full disk, for a test that asks for one.</summary>
    public static PostgresException FullDisk() => new("could not extend file: No space left on device", "ERROR", "ERROR", PostgresErrorCodes.DiskFull);
}
