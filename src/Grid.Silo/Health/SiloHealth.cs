using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Grains.Gossip;
using Grid.Grains.Models;
using Grid.Inference.Hosting;
using Orleans.Runtime;

namespace Grid.Silo.Health;

/// <inheritdoc cref="ISiloHealth"/>
internal sealed class SiloHealth(
    CatalogueReplica catalogue,
    ModelReconciler models,
    ModelHost host,
    ISiloStatusOracle membership,
    ClusterView cluster,
    IHostApplicationLifetime lifetime) : ISiloHealth
{
    private volatile bool _started;

    /// <summary>The models and views of the settings are in place, and the doors may be used.</summary>
    public void Started() => _started = true;

    public IReadOnlyList<HealthCondition> GetVitals() => HealthRules.Vitals(Read());

    public IReadOnlyList<HealthCondition> GetConditions() => HealthRules.Conditions(Read());

    private HealthSigns Read() => new()
    {
        IsStarted = _started,
        IsStopping = lifetime.ApplicationStopping.IsCancellationRequested,
        Phase = cluster.Phase,
        Status = membership.CurrentStatus,
        Workers = host.Workers,
        BusyWorkers = host.BusyWorkers,
        AllWorkersBusyFor = host.AllWorkersBusyFor,
        StoreAge = catalogue.ConfirmedAge,
        Revision = catalogue.Current.Revision,
        Loading = models.Waiting(),
        Failed = models.Failed(),
    };
}
