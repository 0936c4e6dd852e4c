using System.Globalization;
using Grid.Primitives;
using Npgsql;

namespace Grid.Storage.PostgreSql;

/// <summary>
/// All stores of a grid in one schema of a PostgreSQL database, which many processes share. While the database is away, appends and
/// snapshots are refused with a retry time, and everything else throws Unavailable; all of it works again by itself. Thread-safe.
/// </summary>
public sealed class PostgreSqlGridStore : IGridStore
{
    /// <summary>Reads are for activations and the catalogue; more at a time than cores would only queue elsewhere.</summary>
    private static readonly int s_readers = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>Epochs, catalogue, dead letters, outcomes: rare, and short.</summary>
    private const int Writers = 2;

    /// <summary>Snapshots under way at a time: they are large, and appends shall have the disk first.</summary>
    private const int Snapshots = 2;

    /// <summary>An artifact goes up or comes down for seconds; two more may start meanwhile.</summary>
    private const int Transfers = 3;

    /// <summary>A server that has not heard of a silo for this long and gets no answer gives its session up, and with it the locks that others wait for.</summary>
    private const string Keepalives = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

    private readonly StateFolder _folder;
    private readonly NpgsqlDataSource _pooled;
    private readonly NpgsqlDataSource _direct;
    private readonly StoreInstruments _instruments;
    private readonly PostgreSqlAppendLane[] _lanes;
    private readonly PostgreSqlArtifactStore _artifacts;
    private readonly PostgreSqlPool[] _pools;
    private readonly DurabilityWatch _durability = new();
    private int _isDisposed;

    private PostgreSqlGridStore(StateFolder folder, NpgsqlConnectionStringBuilder connection, string target, PostgreSqlStoreOptions options)
    {
        _folder = folder;
        var copies = new FileArtifactStore(folder.Path, options.Faults);
        connection.MaxPoolSize = s_readers + Writers + Snapshots + Transfers;
        connection.MinPoolSize = 0;
        _pooled = NpgsqlDataSource.Create(connection);

        // A lane keeps its connection, and one that failed is of no use to anybody.
        connection.Pooling = false;
        _direct = NpgsqlDataSource.Create(connection);

        _instruments = new StoreInstruments(this);
        var readers = new PostgreSqlPool(_pooled, target, s_readers, options.Faults);
        var writers = new PostgreSqlPool(_pooled, target, Writers, options.Faults);
        var snapshots = new PostgreSqlPool(_pooled, target, Snapshots, options.Faults);
        var transfers = new PostgreSqlPool(_pooled, target, Transfers, options.Faults);
        _pools = [snapshots, transfers, writers, readers];
        _lanes = new PostgreSqlAppendLane[options.Lanes];
        for (var i = 0; i < _lanes.Length; i++)
        {
            _lanes[i] = new PostgreSqlAppendLane(_direct, target, options, _durability, _instruments);
        }

        Shards = new PostgreSqlShardStore(readers, writers, _lanes, new PostgreSqlSnapshotWriter(snapshots, options, _durability, _instruments), _durability);
        Catalogue = new PostgreSqlCatalogueStore(readers, writers);
        _artifacts = new PostgreSqlArtifactStore(transfers, copies);
        DeadLetters = new PostgreSqlDeadLetterStore(readers, writers);
        Outcomes = new PostgreSqlOutcomeStore(readers, writers);
        Frontiers = new PostgreSqlFrontierStore(readers, writers);
        Documents = new PostgreSqlDocumentStore(readers, writers);
    }

    public IShardStore Shards { get; }

    public ICatalogueStore Catalogue { get; }

    public IArtifactStore Artifacts => _artifacts;

    public IDeadLetterStore DeadLetters { get; }

    public IOutcomeStore Outcomes { get; }

    public IFrontierStore Frontiers { get; }

    public IDocumentStore Documents { get; }

    /// <summary>Takes the folder of copies, and creates or migrates the schema. Many processes may do so at the same time.</summary>
    /// <exception cref="GridException">
    /// The options are wrong (all mistakes at once); the folder is held by another process or cannot be written; the schema is another
    /// program's or of a newer build; the user may not connect or create. Unavailable: the database cannot be reached; try again.
    /// </exception>
    public static async Task<PostgreSqlGridStore> OpenAsync(PostgreSqlStoreOptions options, CancellationToken cancellationToken)
    {
        var errors = options.Validate();
        if (errors.Count > 0)
        {
            throw new GridException(errors);
        }

        var connection = Connection(options);
        var target = $"database '{connection.Host}:{connection.Port}/{connection.Database}'";
        var folder = StateFolder.Open(options.ArtifactFolder);
        try
        {
            await PostgreSqlSchema.UpgradeAsync(connection.ConnectionString, options.Schema, target, cancellationToken);
            var store = new PostgreSqlGridStore(folder, connection, target, options);
            try
            {
                await store._artifacts.RemoveOrphansAsync(cancellationToken);
                return store;
            }
            catch
            {
                await store.DisposeAsync();
                throw;
            }
        }
        catch (Exception failure)
        {
            folder.Dispose();
            if (failure is not NpgsqlException && FileErrors.IsFromDisk(failure))
            {
                throw new GridException(FileErrors.Describe(failure, $"artifact folder '{folder.Path}'"), failure);
            }

            throw;
        }
    }

    /// <summary>Finishes what was accepted, closes the connections and gives the folder back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        foreach (var lane in _lanes)
        {
            await lane.DisposeAsync();
        }

        // Snapshots that wait for a block look again, and find their pool closed.
        var pools = Array.ConvertAll(_pools, static pool => pool.DisposeAsync().AsTask());
        _durability.Close();
        await Task.WhenAll(pools);
        await _direct.DisposeAsync();
        await _pooled.DisposeAsync();
        _instruments.Dispose();
        _folder.Dispose();
    }

    /// <summary>
    /// How the silos' membership provider reaches its tables, which are in the same schema. A few connections of its own: it must hear of a silo that is
    /// gone also while everything else waits.
    /// </summary>
    /// <exception cref="GridException">The options are wrong, all mistakes at once.</exception>
    public static string MembershipConnectionOf(PostgreSqlStoreOptions options)
    {
        if (options.Validate() is { Count: > 0 } errors)
        {
            throw new GridException(errors);
        }

        var connection = Connection(options);
        connection.MaxPoolSize = 4;
        connection.MinPoolSize = 0;
        return connection.ConnectionString;
    }

    private static NpgsqlConnectionStringBuilder Connection(PostgreSqlStoreOptions options)
    {
        var connection = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            SearchPath = options.Schema,
            Timeout = (int)options.ConnectTimeout.TotalSeconds,
            CommandTimeout = (int)options.CommandTimeout.TotalSeconds,

            // Every statement of the pools is one of a few constants.
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            Multiplexing = false,
            Enlist = false,
        };
        connection.ApplicationName ??= "grid";

        // A silo that is frozen or cut off in the middle of a transaction must not hold its rows any longer than one that works may take for a statement:
        // the row of the catalogue's revision, for one, is what every change in the cluster waits for.
        connection.Options = string.Create(
            CultureInfo.InvariantCulture,
            $"{connection.Options} {Keepalives} -c idle_in_transaction_session_timeout={options.CommandTimeout.TotalMilliseconds:0}").TrimStart();
        return connection;
    }
}
