using Grid.Primitives;

namespace Grid.Storage.Sqlite;

/// <summary>
/// All stores of a grid in one local folder: a SQLite database and a folder of artifacts. One process at a time holds the folder.
/// Thread-safe.
/// </summary>
public sealed class SqliteGridStore : IGridStore
{
    /// <summary>The database's file name within the state folder.</summary>
    public const string DatabaseName = "grid.db";

    private const string ArtifactsName = "artifacts";

    private readonly StateFolder _folder;
    private readonly SqliteReaders _readers;
    private readonly SqliteLane _writer;
    private readonly SqliteLane _snapshots;
    private readonly DurabilityWatch _durability = new();
    private readonly StoreInstruments _instruments;
    private int _isDisposed;

    private SqliteGridStore(StateFolder folder, SqliteStoreOptions options)
    {
        var path = folder.PathOf(DatabaseName);
        SqliteSchema.Upgrade(path);
        Artifacts = new FileArtifactStore(folder.PathOf(ArtifactsName), options.Faults);

        var gate = new WriteGate();
        var synchronous = options.Synchronous == SqliteSynchronous.Full ? "full" : "normal";
        _folder = folder;
        _instruments = new StoreInstruments(this);
        _readers = new SqliteReaders(path);
        _writer = new SqliteLane("grid-store-writer", SqliteDatabase.OpenWriter(path, synchronous, gate, isUrgent: true, options.Faults));
        _snapshots = new SqliteLane("grid-store-snapshots", SqliteDatabase.OpenWriter(path, "normal", gate, isUrgent: false, options.Faults));

        var commits = new SqliteGroupCommit(_writer, path, options, _durability, _instruments);
        var snapshots = new SqliteSnapshotWriter(_snapshots, options, _durability, _instruments);
        Shards = new SqliteShardStore(_readers, _writer, commits, snapshots, _durability);
        Catalogue = new SqliteCatalogueStore(_readers, _writer);
        DeadLetters = new SqliteDeadLetterStore(_readers, _writer);
        Outcomes = new SqliteOutcomeStore(_readers, _writer);
        Frontiers = new SqliteFrontierStore(_readers, _writer);
        Documents = new SqliteDocumentStore(_readers, _writer);
    }

    public IShardStore Shards { get; }

    public ICatalogueStore Catalogue { get; }

    public IArtifactStore Artifacts { get; }

    public IDeadLetterStore DeadLetters { get; }

    public IOutcomeStore Outcomes { get; }

    public IFrontierStore Frontiers { get; }

    public IDocumentStore Documents { get; }

    /// <summary>The full path of the state folder.</summary>
    public string Folder => _folder.Path;

    /// <summary>Takes the folder, creates or migrates the database, and sweeps what a crash left behind.</summary>
    /// <exception cref="GridException">
    /// The options are wrong (all mistakes at once); the folder is held by another process, cannot be written, is full, or holds a
    /// database that is foreign, damaged or of a newer build.
    /// </exception>
    public static async Task<SqliteGridStore> OpenAsync(SqliteStoreOptions options, CancellationToken cancellationToken)
    {
        var errors = options.Validate();
        if (errors.Count > 0)
        {
            throw new GridException(errors);
        }

        return await Task.Run(() => Open(options), cancellationToken);
    }

    /// <summary>Finishes what was accepted, closes the database and gives the folder back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        var snapshots = _snapshots.DisposeAsync();
        _durability.Close();
        await snapshots;
        await _readers.DisposeAsync();

        // Last, so that the last connection to close is one that may write back the log of the database.
        await _writer.DisposeAsync();
        _instruments.Dispose();
        _folder.Dispose();
    }

    private static SqliteGridStore Open(SqliteStoreOptions options)
    {
        var folder = StateFolder.Open(options.Folder);
        try
        {
            return new SqliteGridStore(folder, options);
        }
        catch (Exception failure)
        {
            folder.Dispose();
            if (FileErrors.IsFromDisk(failure))
            {
                throw new GridException(FileErrors.Describe(failure, $"state folder '{folder.Path}'"), failure);
            }

            throw;
        }
    }
}
