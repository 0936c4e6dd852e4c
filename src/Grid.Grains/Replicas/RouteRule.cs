using Grid.Grains.Placement;
using Grid.Inference.Manifests;
using Orleans.Runtime;

namespace Grid.Grains.Replicas;

/// <summary>Which silos may compute for a request whose own silo has no replica, and in which order. Pure, and from memory alone: requests ask it.</summary>
internal static class RouteRule
{
    /// <summary>Silos that one request tries: its time is better spent in a retry of the caller than on a fifth.</summary>
    public const int MostStops = 4;

    /// <param name="version">The version, <c>workspace/model/version</c>.</param>
    /// <param name="terms">What its manifest says; null where it lives wherever it is called.</param>
    /// <param name="wanted">Names of the silos that shall hold it; null for all.</param>
    /// <param name="silos">All that are active.</param>
    /// <param name="self">This one, which is among them.</param>
    /// <returns>In the order to try; this silo may be one of them.</returns>
    public static SiloAddress[] Of(string version, ManifestReplicas? terms, IReadOnlyList<string>? wanted, IReadOnlyList<RouteSilo> silos, SiloAddress self)
    {
        var here = silos.FirstOrDefault(silo => silo.Address.Equals(self));

        // Callers spread over the replicas; where there is none, all of them must agree on the silo that loads it.
        var spread = Rendezvous.Hash($"{version}@{here?.Name}");
        var agreed = Rendezvous.Hash(version);
        return
        [
            .. silos.Select(silo => (Silo: silo, Rank: RankOf(silo)))
                .Where(static stop => stop.Rank is not null)
                .OrderBy(static stop => stop.Rank)
                .ThenBy(stop => stop.Rank != Rank.Other && stop.Silo.Zone != here?.Zone)
                .ThenByDescending(stop => Rendezvous.Draw(stop.Rank == Rank.Other ? agreed : spread, Rendezvous.Hash(stop.Silo.Name), 1))
                .Take(MostStops)
                .Select(static stop => stop.Silo.Address),
        ];

        Rank? RankOf(RouteSilo silo)
        {
            var fits = terms is null || terms.Requires.All(label => silo.Labels.Contains(label, StringComparer.Ordinal));
            var isWanted = wanted is null || wanted.Contains(silo.Name, StringComparer.Ordinal);
            return silo.Address.Equals(self) && (isWanted || (terms?.Max is null && fits)) ? Rank.Here
                : isWanted ? (silo.IsSilent ? Rank.Silent : silo.IsLeaving ? Rank.Leaving : Rank.Replica)
                : fits && !silo.IsSilent && !silo.IsLeaving ? Rank.Other
                : null;
        }
    }

    private enum Rank
    {
        /// <summary>No hop at all.</summary>
        Here,

        Replica,

        /// <summary>A replica whose silo drains: it serves until it is gone.</summary>
        Leaving,

        /// <summary>A silo that could load it. Nobody else can answer.</summary>
        Other,

        /// <summary>A replica on a silo that may be gone.</summary>
        Silent,
    }
}
