using Grid.Abstractions;
using Grid.Grains.Placement;
using Grid.Inference.Manifests;

namespace Grid.Grains.Replicas;

/// <summary>Where a version begins that nobody has called yet; the balancer goes on from there. Pure.</summary>
internal static class FirstReplicas
{
    /// <summary>No silo is filled beyond this share of its memory where another one fits; as the balancer has it.</summary>
    private const double MemoryFillShare = 0.85;

    /// <summary>
    /// As many silos as the minimum says, at least one; all of them where there is no maximum. Zones with fewest first, then by rendezvous, so that
    /// versions without calls spread.
    /// </summary>
    /// <param name="version">The version, <c>workspace/model/version</c>.</param>
    /// <param name="terms">What its manifest says.</param>
    /// <param name="bytes">Size of its files.</param>
    /// <param name="silos">All that are active.</param>
    /// <returns>Names in ordinal order; empty where no silo has what it asks for.</returns>
    public static string[] Choose(string version, ManifestReplicas terms, long bytes, IReadOnlyList<SiloInfo> silos)
    {
        var left = silos.Where(silo => silo.Phase == SiloPhase.Active && terms.Requires.All(label => silo.Labels.Contains(label, StringComparer.Ordinal))).ToList();
        var count = terms.Max is null ? left.Count : Math.Max(1, terms.Min);
        var hash = Rendezvous.Hash(version);
        var chosen = new List<SiloInfo>();
        while (chosen.Count < count && left.Count > 0)
        {
            var next = left.OrderByDescending(HasRoom)
                .ThenBy(silo => chosen.Count(other => other.Zone == silo.Zone))
                .ThenByDescending(silo => Rendezvous.Draw(hash, Rendezvous.Hash(silo.Name), 1))
                .First();
            chosen.Add(next);
            left.Remove(next);
        }

        return [.. chosen.Select(static silo => silo.Name).Order(StringComparer.Ordinal)];

        // One that has only just joined has not said how much memory it has.
        bool HasRoom(SiloInfo silo) => silo.MemoryLimitBytes == 0 || silo.MemoryUsedBytes + bytes <= MemoryFillShare * silo.MemoryLimitBytes;
    }
}
