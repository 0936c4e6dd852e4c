using Grid.Client;
using Grid.Grains.Hosting;
using Grid.Grains.Ingestion;
using Grid.Grains.Predictions;
using Grid.Inference.Hosting;
using Grid.Primitives;
using Grid.Silo.Doors;
using Grid.Silo.Health;
using Grid.Silo.Hosting.Clustering;
using Grid.Silo.Http;
using Grid.Silo.Metrics;
using Grid.Silo.Oip;
using Grid.Storage;
using Grid.Storage.PostgreSql;
using Grid.Storage.Sqlite;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Grid.Silo.Hosting;

/// <summary>One silo in this process: the store, the actors, the model host and the doors. Dispose stops it cleanly.</summary>
internal sealed class GridSilo : IAsyncDisposable
{
    /// <summary>What a stop may take once nothing is left to hand over: doors, actors, the last commits.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly IGridStore _store;

    private GridSilo(WebApplication app, IGridStore store, string address)
    {
        _app = app;
        _store = store;
        Address = address;
    }

    /// <summary>Base address of the HTTP door, with the port that was bound.</summary>
    public string Address { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>The SDK, in process.</summary>
    public IGridClient Client(string workspace = GridNames.DefaultWorkspace) =>
        _app.Services.GetRequiredService<IGridClientFactory>().ForWorkspace(workspace);

    /// <summary>Completes when the host has been asked to stop.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    /// <summary>Opens the store, starts the silo, registers the models and views that the settings name, and opens the doors.</summary>
    /// <exception cref="GridException">The state folder cannot be used, a port is taken, a view is wrong.</exception>
    /// <exception cref="OptionsValidationException">The settings are wrong.</exception>
    public static async Task<GridSilo> StartAsync(GridSiloOptions options, Action<ILoggingBuilder>? logging = null, CancellationToken cancellationToken = default)
    {
        var validation = new GridSiloOptionsValidator().Validate(null, options);
        if (validation.Failed)
        {
            throw new OptionsValidationException(GridSiloOptions.Section, typeof(GridSiloOptions), validation.Failures);
        }

        IngestSourceOptions[] sources = [.. options.Sources, .. options.SourceFiles.Select(SourceFile.Read)];
        if (IngestSources.Check(sources) is { Count: > 0 } mistakes)
        {
            throw new GridException(mistakes);
        }

        foreach (var source in sources)
        {
            source.FaultSkipGaps |= options.FaultSkipGaps;
        }

        var store = await OpenStoreAsync(options, cancellationToken);
        try
        {
            var app = Build(options, sources, store, logging);
            try
            {
                await app.StartAsync(cancellationToken);
                var address = BoundAddress(app);
                app.Services.GetRequiredService<SiloAddresses>().Bound(options.AdvertisedHttpAddress ?? address);
                await app.Services.GetRequiredService<StartupContent>().ApplyAsync(options, cancellationToken);
                app.Services.GetRequiredService<SiloHealth>().Started();
                return new GridSilo(app, store, address);
            }
            catch
            {
                // Also a silo that came half up leaves its membership and its actors in order.
                await StopHalfUpAsync(app);
                await app.DisposeAsync();
                throw;
            }
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>What keeps it from stopping must not hide what kept it from starting: Orleans refuses to stop a silo that has not begun.</summary>
    private static async Task StopHalfUpAsync(WebApplication app)
    {
        try
        {
            await app.StopAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is InvalidOperationException or AggregateException or OperationCanceledException)
        {
            // It is disposed of next.
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Doors and actors first: what they flush still needs the store.
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _store.DisposeAsync();
    }

    private static async Task<IGridStore> OpenStoreAsync(GridSiloOptions options, CancellationToken cancellationToken) =>
        options.PostgreSql is { Length: > 0 } connection
            ? await PostgreSqlGridStore.OpenAsync(PostgreSqlOf(options, connection), cancellationToken)
            : await SqliteGridStore.OpenAsync(new SqliteStoreOptions { Folder = options.StateFolder }, cancellationToken);

    private static PostgreSqlStoreOptions PostgreSqlOf(GridSiloOptions options, string connection) =>
        new()
        {
            ConnectionString = connection,
            ArtifactFolder = Path.Combine(options.StateFolder, "artifacts"),
            Faults = options.FaultIgnoreFencing ? new StoreFaults { IgnoreEpoch = true } : null,
        };

    private static WebApplication Build(GridSiloOptions options, IngestSourceOptions[] sources, IGridStore store, Action<ILoggingBuilder>? logging)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        logging?.Invoke(builder.Logging);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxModelBytes;
        });
        builder.WebHost.UseUrls(options.HttpAddress);
        builder.Services.AddSingleton(Options.Create(options));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<SiloAddresses>();
        builder.Services.AddSingleton<StartupContent>();
        builder.Services.AddSingleton<TensorDoor>();
        builder.Services.AddSingleton<AwayOwners>();
        builder.Services.AddSingleton<SiloHealth>();
        builder.Services.AddSingleton<ISiloHealth>(services => services.GetRequiredService<SiloHealth>());
        builder.Services.AddSingleton<HealthInstruments>();
        builder.Services.AddSingleton<IGridClientFactory, InProcessGridClientFactory>();
        builder.Services.AddGridApi(http =>
        {
            http.MaxBodyBytes = (int)options.MaxBodyBytes;
            http.MaxModelBytes = options.MaxModelBytes;
            http.UploadFolder = Path.Combine(options.StateFolder, "uploads");
        });
        builder.Services.AddHostedService<DrainOnStop>();

        // Handing over comes before everything else that a stop takes.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Cluster.DrainTimeout + StopTime);
        builder.Services.AddGridMetrics();
        if (options.ModelFaults is { } faults)
        {
            builder.Services.AddSingleton(faults);
        }

        builder.UseOrleans(silo =>
        {
            silo.UseGridCluster(options, options.PostgreSql is { Length: > 0 } connection ? PostgreSqlGridStore.MembershipConnectionOf(PostgreSqlOf(options, connection)) : null);
            silo.Configure<SiloMessagingOptions>(messaging => messaging.CancelRequestOnTimeout = true);
            silo.Configure<GrainCollectionOptions>(collection => collection.CollectionAge = TimeSpan.FromMinutes(30));
            silo.AddGridGrains(
                store,
                grains =>
                {
                    grains.CacheFolder = Path.Combine(options.StateFolder, "cache");
                    grains.Zone = options.Cluster.Zone;
                    grains.Labels = options.Cluster.Labels;
                    grains.Balancer = options.Balancer;
                    grains.DrainTimeout = options.Cluster.DrainTimeout;
                    grains.CreateTenantsOnFirstUse = options.CreateTenantsOnFirstUse;
                    grains.Shards = options.Shards;
                    grains.Shards.IgnoreMarks = options.FaultIgnoreMarks;
                    grains.Shards.SnapshotLogBytes = options.SnapshotLogBytes ?? grains.Shards.SnapshotLogBytes;
                    grains.MaxDatasetBytes = options.MaxDatasetBytes;
                    grains.PredictionShares = options.PredictionLog.Shared();
                    grains.PredictionLog = options.PredictionLog.In(options.StateFolder);
                    grains.PredictionTopic = options.PredictionLog.Topic;
                    grains.Sources = sources;
                    grains.Monitoring = options.Monitoring;
                },
                new ModelHostOptions { MemoryBudgetBytes = options.ModelMemoryBytes });
        });
        var app = builder.Build();
        app.MapGridApi();
        app.MapOip();
        app.MapGridMetrics();

        // Nobody injects them: they observe.
        app.Services.GetRequiredService<HealthInstruments>();

        // A log that cannot be opened is said now, not with the first prediction.
        app.Services.GetRequiredService<PredictionRecorder>();

        // Nothing waits for the first training set to clear what the process before left.
        app.Services.GetRequiredService<DatasetFolder>();
        return app;
    }

    private static string BoundAddress(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
}
