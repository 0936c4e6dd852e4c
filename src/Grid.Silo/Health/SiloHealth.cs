using System.Globalization;
using Grid.Abstractions;
using Grid.Client.Wire;
using Grid.Grains.Catalogue;
using Grid.Grains.Gossip;
using Grid.Grains.Models;

namespace Grid.Silo.Health;

/// <inheritdoc cref="ISiloHealth"/>
internal sealed class SiloHealth(CatalogueReplica catalogue, ModelReconciler models, ClusterView cluster, IHostApplicationLifetime lifetime) : ISiloHealth
{
    /// <summary>The catalogue is pulled every second: three misses are chance, ten are not.</summary>
    private static readonly TimeSpan CatalogueLimit = TimeSpan.FromSeconds(10);

    private volatile bool _started;

    public bool IsLive => true;

    /// <summary>The models and views of the settings are in place, and the doors may be used.</summary>
    public void Started() => _started = true;

    public IReadOnlyList<HealthCondition> GetConditions()
    {
        var age = catalogue.ConfirmedAge;
        var revision = catalogue.Current.Revision;
        var waiting = models.Missing();
        return
        [
            new HealthCondition("silo", _started && !lifetime.ApplicationStopping.IsCancellationRequested && cluster.Phase == SiloPhase.Active, _started ? WireEnum.NameOf(cluster.Phase) : "starting"),
            new HealthCondition(
                "catalogue",
                age <= CatalogueLimit,
                age is { } seconds
                    ? string.Create(CultureInfo.InvariantCulture, $"revision {revision}, confirmed {seconds.TotalSeconds:0.0} s ago")
                    : "never read"),
            new HealthCondition("models", waiting.Count == 0, waiting.Count == 0 ? "every live version is loaded" : $"not loaded: {string.Join(", ", waiting)}"),
        ];
    }
}
