using Grid.Primitives;
using Microsoft.Data.Sqlite;

namespace Grid.Storage.Sqlite;

/// <summary>
/// One thread with one connection: work runs there in the order in which it was posted. The thread is the lane's own, because the
/// engine blocks it for as long as a disk takes. Thread-safe.
/// </summary>
internal sealed class SqliteLane : IAsyncDisposable
{
    /// <summary>Work that waits, at the most. Each caller awaits its own, so this many concurrent callers mean a caller without a limit.</summary>
    private const int MaxWaiting = 16_384;

    private readonly object _lock = new();
    private readonly Queue<Action<SqliteDatabase>> _work = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteDatabase _database;
    private bool _isClosed;

    /// <param name="name">The thread's name.</param>
    /// <param name="database">The connection; the lane disposes it.</param>
    public SqliteLane(string name, SqliteDatabase database)
    {
        _database = database;
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>Posts work that handles its own failures.</summary>
    /// <returns>False if the lane is closed.</returns>
    public bool TryPost(Action<SqliteDatabase> work)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return false;
            }

            _work.Enqueue(work);
            Monitor.Pulse(_lock);
            return true;
        }
    }

    /// <summary>Runs work on the lane and awaits its result.</summary>
    /// <exception cref="GridException">What the engine said, in an operator's terms; or the lane is closed or overrun.</exception>
    public async Task<T> RunAsync<T>(Func<SqliteDatabase, T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_work.Count >= MaxWaiting)
            {
                throw GridError.Overloaded($"database '{_database.Path}'", $"{MaxWaiting} calls wait for it.", "Send fewer calls at a time.", 100).ToException();
            }
        }

        var isPosted = TryPost(database =>
        {
            // Taken back while it waited; once it has begun, its outcome is always told.
            if (cancellationToken.IsCancellationRequested)
            {
                done.SetCanceled(cancellationToken);
                return;
            }

            try
            {
                done.SetResult(work(database));
            }
            catch (SqliteException failure)
            {
                done.SetException(new GridException(SqliteErrors.Describe(failure, database.Path), failure));
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        });
        return isPosted ? await done.Task : throw Closed(_database.Path);
    }

    /// <summary>Finishes what was posted, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isClosed = true;
            Monitor.Pulse(_lock);
        }

        await _ended.Task;
    }

    public static GridException Closed(string path) =>
        GridError.Unavailable($"database '{path}'", "The store is closed.", "Open it again.", 1_000).ToException();

    private void Run()
    {
        while (true)
        {
            Action<SqliteDatabase> work;
            lock (_lock)
            {
                while (_work.Count == 0 && !_isClosed)
                {
                    Monitor.Wait(_lock);
                }

                if (_work.Count == 0)
                {
                    break;
                }

                work = _work.Dequeue();
            }

            work(_database);
        }

        _database.Dispose();
        _ended.SetResult();
    }
}
