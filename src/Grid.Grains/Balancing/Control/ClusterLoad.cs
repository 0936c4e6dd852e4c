using Grid.Grains.Catalogue;
using Orleans.Runtime;

namespace Grid.Grains.Balancing.Control;

/// <summary>The load maps of all silos, put together. Immutable.</summary>
/// <param name="Map">What decisions are made from.</param>
/// <param name="Addresses">Where each silo is, by name.</param>
/// <param name="Holders">The silos that have a version loaded, by version.</param>
/// <param name="Catalogue">The catalogue that the versions are of.</param>
internal sealed record ClusterLoad(LoadMap Map, IReadOnlyDictionary<string, SiloAddress> Addresses, ILookup<string, string> Holders, CatalogueSnapshot Catalogue)
{
    /// <summary>Silos that have a version loaded.</summary>
    public IReadOnlySet<string> HoldersOf(string version) => Holders[version].ToHashSet(StringComparer.Ordinal);

    /// <summary>Share of the calls of all shards that a replica in their own process answered; 1 where there are none.</summary>
    public double Locality()
    {
        double all = 0, remote = 0;
        foreach (var calls in Map.Silos.SelectMany(static s => s.Calls))
        {
            all += calls.PerSecond;
            remote += calls.RemotePerSecond;
        }

        return all > 0 ? 1 - (remote / all) : 1;
    }
}
