using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Grid.Storage.Sqlite;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    /// <summary>What a full disk is to the engine in a test: no page more than there are. Back to the engine's own limit afterwards.</summary>
    private const long EngineMaxPages = 4_294_967_294;

    /// <summary>
    /// How many pages the write-ahead log gathers before they are written back: 32 MB. The blocks of many shards touch the same few
    /// pages in every commit, so each is written back once for many commits; the price is a file of that size and its reading after a crash.
    /// </summary>
    private const int CheckpointPages = 8_192;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteStatement> _statements = new(ReferenceEqualityComparer.Instance);
    private readonly WriteGate? _gate;
    private readonly bool _isUrgent;
    private readonly StoreFaults? _faults;
    private bool _isHeldFull;

    private SqliteDatabase(SqliteConnection connection, string path, WriteGate? gate, bool isUrgent, StoreFaults? faults)
    {
        _connection = connection;
        Path = path;
        _gate = gate;
        _isUrgent = isUrgent;
        _faults = faults;
    }

    public string Path { get; }

    private sqlite3 Handle => _connection.Handle!;

    private bool IsInTransaction => raw.sqlite3_get_autocommit(Handle) == 0;

    /// <summary>Opens a connection that writes.</summary>
    /// <param name="path">The database file.</param>
    /// <param name="synchronous">The engine's word for when a commit waits.</param>
    /// <param name="gate">What orders the writers of this process.</param>
    /// <param name="isUrgent">Whether this one goes before the others.</param>
    /// <param name="faults">Faults of a test.</param>
    public static SqliteDatabase OpenWriter(string path, string synchronous, WriteGate gate, bool isUrgent, StoreFaults? faults)
    {
        var database = new SqliteDatabase(Connect(path, SqliteOpenMode.ReadWrite), path, gate, isUrgent, faults);
        database.Execute($"pragma synchronous = {synchronous}");
        database.Execute($"pragma wal_autocheckpoint = {CheckpointPages}");
        return database;
    }

    /// <summary>Opens a connection that only reads.</summary>
    public static SqliteDatabase OpenReader(string path)
    {
        var database = new SqliteDatabase(Connect(path, SqliteOpenMode.ReadWrite), path, gate: null, isUrgent: false, faults: null);
        database.Execute("pragma query_only = on");
        return database;
    }

    public static string ConnectionString(string path, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString();

    /// <summary>The statement of a text, prepared once. The text must be a constant: statements are found by its reference.</summary>
    public SqliteStatement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            var code = raw.sqlite3_prepare_v3(Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var prepared);
            statement = code == raw.SQLITE_OK ? new SqliteStatement(Handle, prepared) : throw Failure(Handle, code);
            _statements.Add(sql, statement);
        }

        return statement;
    }

    /// <summary>Runs a statement that is not worth keeping, and returns its first value.</summary>
    public long? Execute(string sql)
    {
        var code = raw.sqlite3_prepare_v2(Handle, sql, out var prepared);
        using var statement = code == raw.SQLITE_OK ? new SqliteStatement(Handle, prepared) : throw Failure(Handle, code);
        return statement.RunScalar();
    }

    /// <summary>Runs a body in one transaction that writes; whatever it throws rolls everything back.</summary>
    /// <param name="body">The statements.</param>
    /// <param name="beforeCommit">Called between the last statement and the commit.</param>
    public T Write<T>(Func<SqliteDatabase, T> body, Action? beforeCommit = null)
    {
        using var turn = _gate!.Enter(_isUrgent);
        if (IsInTransaction)
        {
            // A failing disk may have failed the roll-back of the transaction before this one too.
            RollBack();
        }

        HoldFull();
        Statement("begin immediate").Run();
        try
        {
            var result = body(this);
            beforeCommit?.Invoke();
            Statement("commit").Run();
            return result;
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    /// <summary>Runs a body on one consistent state of the database.</summary>
    public T Read<T>(Func<SqliteDatabase, T> body)
    {
        Statement("begin").Run();
        try
        {
            return body(this);
        }
        finally
        {
            RollBack();
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    internal static SqliteException Failure(sqlite3 handle, int code) =>
        new(raw.sqlite3_errmsg(handle).utf8_to_string(), code & 0xff, raw.sqlite3_extended_errcode(handle));

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(ConnectionString(path, mode));
        try
        {
            connection.Open();

            // The writers of this process take turns at the gate; this is for a moment's look by another program.
            _ = raw.sqlite3_busy_timeout(connection.Handle, 2_000);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void RollBack()
    {
        // A statement that failed half-way may still hold the transaction open; some failures have ended it already.
        foreach (var statement in _statements.Values)
        {
            statement.Reset();
        }

        if (IsInTransaction)
        {
            Statement("rollback").Run();
        }
    }

    private void HoldFull()
    {
        if (_faults is { } faults && faults.DiskIsFull != _isHeldFull)
        {
            _isHeldFull = faults.DiskIsFull;
            Execute($"pragma max_page_count = {(_isHeldFull ? 1 : EngineMaxPages)}");
        }
    }
}
