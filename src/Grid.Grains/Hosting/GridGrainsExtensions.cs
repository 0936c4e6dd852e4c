using System.Diagnostics.Metrics;
using Grid.Features.Paging;
using Grid.Grains.Catalogue;
using Grid.Grains.Ingestion;
using Grid.Grains.Models;
using Grid.Grains.Ownership;
using Grid.Grains.Rollouts;
using Grid.Grains.Shards;
using Grid.Inference.Hosting;
using Grid.Storage;
using Grid.Streams.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Grid.Grains.Hosting;

/// <summary>Adds Grid's actors and what they stand on to a silo.</summary>
public static class GridGrainsExtensions
{
    /// <param name="silo">The silo.</param>
    /// <param name="store">An open store; the caller disposes it after the silo has stopped.</param>
    /// <param name="configure">Settings of the actors.</param>
    /// <param name="models">Settings of the model host.</param>
    public static ISiloBuilder AddGridGrains(this ISiloBuilder silo, IGridStore store, Action<GridGrainsOptions> configure, ModelHostOptions models)
    {
        var services = silo.Services;
        services.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(store);
        services.AddSingleton(store.Shards);
        services.AddSingleton(store.Catalogue);
        services.AddSingleton(store.Artifacts);
        services.AddSingleton(store.DeadLetters);
        services.AddSingleton(store.Outcomes);
        services.AddSingleton(new PagePool());
        services.AddSingleton(provider => new ModelHost(models, provider.GetRequiredService<TimeProvider>(), instruments: null, provider.GetService<FaultPoints>()));
        services.AddSingleton<CatalogueReplica>();
        services.AddSingleton<CatalogueAnnouncer>();
        services.AddSingleton<CatalogueWriter>();
        services.AddSingleton<VersionFolders>();
        services.AddSingleton<VersionInspector>();
        services.AddSingleton<ModelReconciler>();
        services.AddSingleton<ShardLoader>();
        services.AddSingleton<VectorPlans>();
        services.AddSingleton<ShardReader>();
        services.AddTransient<ShardPredictor>();
        services.AddSingleton<OwnershipConfirmer>();
        services.AddHostedService(provider => provider.GetRequiredService<OwnershipConfirmer>());
        silo.AddGrainService<CatalogueGrainService>();
        AddRollouts(services);
        AddIngestion(silo, store);
        return silo;
    }

    private static void AddRollouts(IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<RolloutCounters>();
        services.AddSingleton<RolloutInstruments>();
        services.AddSingleton<VersionChooser>();
        services.AddSingleton<ShardMirror>();
        services.AddSingleton<ShadowRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<ShadowRunner>());
        services.AddSingleton<RolloutReporter>();
        services.AddHostedService(provider => provider.GetRequiredService<RolloutReporter>());
    }

    private static void AddIngestion(ISiloBuilder silo, IGridStore store)
    {
        var services = silo.Services;
        services.AddMetrics();
        services.AddSingleton(store.Frontiers);
        services.AddSingleton<IngestSources>();
        services.AddSingleton<IngestInstruments>();
        services.AddSingleton(provider => new KafkaInstruments(provider.GetRequiredService<IMeterFactory>()));
        services.AddSingleton<TenantDirectory>();
        services.AddSingleton<PartitionServices>();
        services.AddSingleton<IngestDirectory>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, IngestShutdown>();
        silo.AddGrainService<IngestCoordinator>();
    }
}
