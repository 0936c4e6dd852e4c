using System.Data;
using Grid.Primitives;
using Npgsql;

namespace Grid.Storage.PostgreSql;

/// <summary>
/// A bounded number of connections for one purpose, so that reads never wait for snapshots, nor both for appends. What fails for no
/// fault of its own is run again on another connection. Thread-safe.
/// </summary>
internal sealed class PostgreSqlPool(NpgsqlDataSource source, string target, int size, StoreFaults? faults) : IAsyncDisposable
{
    /// <summary>How often a call that failed for no fault of its own is made before the caller is told.</summary>
    private const int MaxAttempts = 4;

    private readonly SemaphoreSlim _free = new(size);
    private volatile bool _isClosed;

    /// <summary>Runs one statement, which is a transaction of its own, and which may be run twice.</summary>
    public Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> body, CancellationToken cancellationToken) =>
        AttemptAsync(body, cancellationToken);

    /// <summary>Runs statements on one consistent state of the database.</summary>
    public Task<T> ReadAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> body, CancellationToken cancellationToken) =>
        AttemptAsync(
            async (connection, token) =>
            {
                await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, token);
                var result = await body(connection, token);
                await transaction.CommitAsync(token);
                return result;
            },
            cancellationToken);

    /// <summary>Runs statements in one transaction that is durable when this returns.</summary>
    /// <param name="body">The statements; run anew if the transaction fails for no fault of its own.</param>
    /// <param name="mayRepeat">Whether they may be run again after a commit whose answer was lost. If not, the caller is told that the outcome is unknown.</param>
    /// <param name="cancellationToken">Stops the statements, never the commit.</param>
    /// <param name="beforeCommit">Called between the last statement and the commit.</param>
    public Task<T> WriteAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> body, bool mayRepeat, CancellationToken cancellationToken, Action? beforeCommit = null) =>
        AttemptAsync(
            async (connection, token) =>
            {
                if (faults is { DiskIsFull: true })
                {
                    throw PostgreSqlErrors.FullDisk();
                }

                await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, token);
                var result = await body(connection, token);
                beforeCommit?.Invoke();
                try
                {
                    await transaction.CommitAsync(CancellationToken.None);
                }
                catch (Exception failure) when (!mayRepeat && PostgreSqlErrors.IsTransient(failure))
                {
                    throw new GridException(
                        new GridError(GridErrorCode.OutcomeUnknown, target, "The connection was lost in the commit: the change may or may not have happened.", "Read what is there, and make the change again if it is not.", 1_000),
                        failure);
                }

                return result;
            },
            cancellationToken);

    /// <summary>Waits for the calls under way; those that come later find the store closed.</summary>
    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        for (var i = 0; i < size; i++)
        {
            await _free.WaitAsync();
        }

        // Those who still wait shall learn that the store is closed.
        _free.Release(size);
    }

    public static GridException Closed(string target) => GridError.Unavailable(target, "The store is closed.", "Open it again.", 1_000).ToException();

    /// <summary>Opens a connection of the source.</summary>
    /// <exception cref="PostgreSqlUnreachableException">Nobody answers.</exception>
    public static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not PostgresException && PostgreSqlErrors.IsEngine(failure))
        {
            throw new PostgreSqlUnreachableException(failure);
        }
    }

    private async Task<T> AttemptAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> body, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                if (_isClosed)
                {
                    throw Closed(target);
                }

                try
                {
                    await using var connection = await OpenAsync(source, cancellationToken);
                    return await body(connection, cancellationToken);
                }
                catch (Exception failure) when (PostgreSqlErrors.IsEngine(failure))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (failure is not PostgresException)
                    {
                        // The others that wait in the pool were most likely lost with this one.
                        source.Clear();
                    }

                    if (attempt == MaxAttempts || !PostgreSqlErrors.IsTransient(failure) || PostgreSqlErrors.IsAway(failure))
                    {
                        throw new GridException(PostgreSqlErrors.Describe(failure, target), failure);
                    }
                }
            }
        }
        finally
        {
            _free.Release();
        }
    }
}
