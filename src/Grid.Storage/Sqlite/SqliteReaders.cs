using System.Collections.Concurrent;
using Grid.Primitives;
using Microsoft.Data.Sqlite;

namespace Grid.Storage.Sqlite;

/// <summary>A few connections for reads, each with its prepared statements; more reads wait. Thread-safe.</summary>
internal sealed class SqliteReaders : IAsyncDisposable
{
    /// <summary>Reads are CPU and page cache: more at a time than cores would only keep more checkpoints waiting.</summary>
    private static readonly int s_count = Math.Clamp(Environment.ProcessorCount, 2, 8);

    private readonly string _path;
    private readonly SemaphoreSlim _free = new(s_count);
    private readonly ConcurrentBag<SqliteDatabase> _idle = [];
    private volatile bool _isClosed;

    public SqliteReaders(string path) => _path = path;

    /// <summary>Runs a body on one consistent state of the database.</summary>
    /// <exception cref="GridException">What the engine said, in an operator's terms.</exception>
    public async Task<T> ReadAsync<T>(Func<SqliteDatabase, T> body, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            return _isClosed ? throw SqliteLane.Closed(_path) : await Task.Run(() => ReadOne(body), cancellationToken);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for the reads under way and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        for (var i = 0; i < s_count; i++)
        {
            await _free.WaitAsync();
        }

        foreach (var database in _idle)
        {
            database.Dispose();
        }

        // Those who still wait shall learn that the store is closed.
        _free.Release(s_count);
    }

    private T ReadOne<T>(Func<SqliteDatabase, T> body)
    {
        try
        {
            if (!_idle.TryTake(out var database))
            {
                database = SqliteDatabase.OpenReader(_path);
            }

            try
            {
                return database.Read(body);
            }
            finally
            {
                _idle.Add(database);
            }
        }
        catch (SqliteException failure)
        {
            throw new GridException(SqliteErrors.Describe(failure, _path), failure);
        }
    }
}
