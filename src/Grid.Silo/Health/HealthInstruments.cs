using System.Diagnostics.Metrics;
using Grid.Grains.Catalogue;
using Grid.Grains.Ownership;

namespace Grid.Silo.Health;

/// <summary>What the probes say, as metrics: a scrape shows why a silo gets no traffic, or serves with something missing. Meter <c>Grid.Silo</c>.</summary>
internal sealed class HealthInstruments
{
    public const string MeterName = "Grid.Silo";

    public HealthInstruments(IMeterFactory factory, ISiloHealth health, CatalogueReplica catalogue, OwnershipConfirmer owners)
    {
        var meter = factory.Create(MeterName);
        meter.CreateObservableGauge("grid.silo.condition", () => Conditions(health), "1", "1 where a condition of health holds, 0 where it does not.");
        meter.CreateObservableGauge("grid.silo.ready", () => health.IsReady ? 1 : 0, "1", "1 where this silo should get traffic.");
        meter.CreateObservableGauge("grid.catalogue.age", () => Age(catalogue), "s", "Time since the store confirmed this silo's copy of the catalogue.");
        meter.CreateObservableGauge("grid.catalogue.revision", () => catalogue.Current.Revision, "1", "Revision of this silo's copy of the catalogue.");
        meter.CreateObservableGauge("grid.shards.owned", () => owners.Count, "{shard}", "Shards that are active in this silo.");
        meter.CreateObservableGauge("grid.shards.confirmation.age", () => owners.OldestAge.TotalSeconds, "s", "Time since the ownership of the shard that has waited longest was confirmed.");
    }

    private static IEnumerable<Measurement<int>> Conditions(ISiloHealth health) =>
        health.GetVitals().Concat(health.GetConditions()).Select(static c => new Measurement<int>(c.Holds ? 1 : 0, new KeyValuePair<string, object?>("condition", c.Name)));

    private static IEnumerable<Measurement<double>> Age(CatalogueReplica catalogue) =>
        catalogue.ConfirmedAge is { } age ? [new Measurement<double>(age.TotalSeconds)] : [];
}
