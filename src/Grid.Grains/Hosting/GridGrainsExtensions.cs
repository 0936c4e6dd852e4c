using System.Diagnostics.Metrics;
using Grid.Features.Paging;
using Grid.Grains.Balancing.Control;
using Grid.Grains.Balancing.Costs;
using Grid.Grains.Catalogue;
using Grid.Grains.Draining;
using Grid.Grains.Gossip;
using Grid.Grains.Ingestion;
using Grid.Grains.Models;
using Grid.Grains.Monitoring;
using Grid.Grains.Moving;
using Grid.Grains.Outcomes;
using Grid.Grains.Ownership;
using Grid.Grains.Placement;
using Grid.Grains.Predictions;
using Grid.Grains.Replicas;
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
        services.AddSingleton<ReplicaRoutes>();
        services.AddSingleton<ReplicaPlans>();
        services.AddSingleton<AfarRunner>();
        services.AddSingleton<ReplicaHostClient>();
        services.AddSingleton<ShardPreloads>();
        services.AddSingleton<ShardHostClient>();
        services.AddSingleton(provider =>
        {
            var owner = provider.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString();
            return new EpochTaker(shards => store.Shards.TakeEpochsAsync(shards, owner, CancellationToken.None));
        });
        services.AddSingleton<OwnMembership>();
        services.AddSingleton<ShardLoader>();
        services.AddSingleton<VectorPlans>();
        services.AddSingleton<PredictionRecorder>();
        services.AddSingleton<PredictionLogs>();
        services.AddSingleton<PredictionReplayer>();
        services.AddSingleton<DatasetFolder>();
        services.AddSingleton<DatasetRegistry>();
        services.AddSingleton<DatasetMaker>();
        services.AddSingleton<PredictionEraser>();
        services.AddSingleton<OutcomeInstruments>();
        services.AddSingleton<OutcomeIntake>();
        services.AddSingleton<OutcomeForwarder>();
        services.AddHostedService(static provider => provider.GetRequiredService<OutcomeForwarder>());
        services.AddSingleton<ShardReader>();
        services.AddTransient<ShardPredictor>();
        services.AddTransient<AfarPredictor>();
        services.AddSingleton<LocalShards>();
        services.AddSingleton<PredictionInstruments>();
        services.AddSingleton<OwnershipConfirmer>();
        services.AddHostedService(provider => provider.GetRequiredService<OwnershipConfirmer>());
        silo.AddGrainService<CatalogueGrainService>();
        silo.AddGrainService<ShardHost>();
        silo.AddGrainService<ReplicaHost>();
        silo.AddGrainService<PredictionLogService>();
        AddRollouts(services);
        services.AddGridMonitoring(store);
        AddIngestion(silo, store);
        AddCluster(silo);
        return silo;
    }

    private static void AddCluster(ISiloBuilder silo)
    {
        var services = silo.Services;
        services.AddSingleton<ClusterView>();
        services.AddSingleton<SiloMeter>();
        services.AddSingleton<GossipSender>();
        services.AddSingleton<LoadMeter>();
        services.AddSingleton<LoadCollector>();
        services.AddSingleton<ShardMover>();
        services.AddSingleton<ReplicaChanger>();
        services.AddSingleton<Explainer>();
        services.AddSingleton<BalancerInstruments>();
        services.AddSingleton<PlacementInstruments>();
        services.AddSingleton<BalancerKeeper>();
        services.AddSingleton<SiloDrain>();
        services.AddPlacementDirector<ShardPlacement, ShardPlacementDirector>();
        silo.AddGrainService<SiloGossip>();
    }

    private static void AddRollouts(IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<RolloutCounters>();
        services.AddSingleton<RolloutInstruments>();
        services.AddSingleton<VersionChooser>();
        services.AddSingleton<ShardMirror>();
        services.AddSingleton<AnswerFollowers>();
        services.AddSingleton<TensorFollowers>();
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
        services.AddSingleton<IngestShutdown>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<IngestShutdown>());
        silo.AddGrainService<IngestCoordinator>();
    }
}
