using Grid.Grains.Catalogue;
using Grid.Grains.Gossip;
using Grid.Grains.Hosting;
using Grid.Primitives;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Grid.Grains.Replicas;

/// <summary>Knows from the catalogue and the gossip where a version may be computed. Thread-safe; never waits.</summary>
internal sealed class ReplicaRoutes(CatalogueReplica catalogue, ClusterView view, IOptions<SiloOptions> silo, IOptions<GridGrainsOptions> options)
{
    /// <summary>Silos tell how they are every second; one that missed five may be frozen or gone before the membership knows.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    public SiloAddress Local => view.Local;

    /// <summary>Where to ask, in order; this silo where it may load the version itself.</summary>
    public SiloAddress[] Of(VersionKey key)
    {
        var snapshot = catalogue.Current;
        return RouteRule.Of(key.ToString(), snapshot.Placed.GetValueOrDefault(key), snapshot.WantedOn(key), Silos(), view.Local);
    }

    /// <inheritdoc cref="Of"/>
    /// <exception cref="GridException">Unavailable: nobody has it, and no silo may load it.</exception>
    public SiloAddress[] Require(VersionKey key) =>
        Of(key) is { Length: > 0 } stops
            ? stops
            : throw GridError.Unavailable($"version '{key.Version}' of model '{key.Model}'", "has no replica, and no silo may load it.", "Give a silo the labels of replicas.requires (GRID_CLUSTER__LABELS__0).", retryAfterMs: 1000).ToException();

    /// <summary>Whether this silo computes a version itself as far as the catalogue goes, loading it where it must.</summary>
    public bool IsHere(VersionKey key) => !catalogue.Current.Placed.ContainsKey(key) || (Of(key) is [var first, ..] && first.Equals(view.Local));

    /// <summary>Whether the catalogue wants the version on this silo.</summary>
    public bool IsWantedHere(VersionKey key) => catalogue.Current.IsWantedOn(key, silo.Value.SiloName);

    private RouteSilo[] Silos() =>
    [
        .. view.Active.Select(member =>
        {
            var address = member.SiloAddress;
            if (address.Equals(view.Local))
            {
                return new RouteSilo(address, silo.Value.SiloName, options.Value.Zone, options.Value.Labels.AsReadOnly(), view.IsLeaving(address), IsSilent: false);
            }

            var info = view.Find(address, out var age);
            return new RouteSilo(address, info?.Name ?? member.Name, info?.Zone ?? "", info?.Labels ?? [], view.IsLeaving(address), info is not null && age > Silence);
        }),
    ];
}
