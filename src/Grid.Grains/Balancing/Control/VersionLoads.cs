using Grid.Abstractions;
using Grid.Grains.Balancing.Costs;
using Grid.Grains.Catalogue;
using Grid.Inference.Manifests;
using Grid.Primitives;

namespace Grid.Grains.Balancing.Control;

/// <summary>
/// Versions as the catalogue wants them and as the silos hold them. One whose manifest says nothing about replicas is loaded by every silo before it goes
/// live: it counts as wanted on every silo that stays, no more and no fewer. Of the others there is a plan, which the balancer decides on.
/// </summary>
internal static class VersionLoads
{
    /// <summary>What is planned and not there is being fetched and loaded for so long, and not idle. A load that takes longer has failed.</summary>
    private const long WarmingMs = 600_000;

    public static VersionLoad[] Of(IReadOnlyList<LoadReport> reports, CatalogueSnapshot catalogue, long nowMs)
    {
        var held = reports.SelectMany(static report => report.Versions.Select(version => (Silo: report.Load, Version: version))).ToLookup(static h => h.Version.Version, StringComparer.Ordinal);
        WantedReplica[] everywhere = [.. reports.Where(static r => r.Load.State != SiloState.Draining).Select(static r => new WantedReplica(r.Load.Silo, IsReady: true))];
        var placed = catalogue.Placed.ToDictionary(static pair => pair.Key.ToString(), static pair => pair, StringComparer.Ordinal);
        return everywhere.Length == 0
            ? []
            : [
                .. held.Where(group => !placed.ContainsKey(group.Key)).Select(group => new VersionLoad(
                    group.Key,
                    everywhere.Length,
                    everywhere.Length,
                    group.Max(static h => h.Version.Bytes),
                    group.Max(static h => h.Version.SecondsPerCall),
                    nowMs,
                    [],
                    everywhere)),
                .. placed.Values.Select(pair => Placed(pair.Key, pair.Value, reports, [.. held[pair.Key.ToString()]], everywhere.Length, catalogue, nowMs)),
            ];
    }

    private static VersionLoad Placed(
        VersionKey key,
        ManifestReplicas terms,
        IReadOnlyList<LoadReport> reports,
        (SiloLoad Silo, LoadedVersion Version)[] held,
        int silos,
        CatalogueSnapshot catalogue,
        long nowMs)
    {
        var version = catalogue.Versions[key].Entry;
        var plan = catalogue.Replicas.TryGetValue(key, out var known) ? known.Entry : null;
        var planned = plan?.Silos ?? [];
        var min = version.State == VersionState.Staged ? terms.Min : 0;
        var ready = held.Where(static h => h.Version.IsReady).Select(static h => h.Silo.Silo).ToHashSet(StringComparer.Ordinal);
        var replicas = reports.Select(static report => report.Load)
            .Where(silo => planned.Contains(silo.Silo, StringComparer.Ordinal) || (ready.Contains(silo.Silo) && silo.State != SiloState.Draining))
            .Select(silo => new WantedReplica(silo.Silo, ready.Contains(silo.Silo), planned.Contains(silo.Silo, StringComparer.Ordinal)));
        WantedReplica[] all = [.. replicas];
        return new VersionLoad(
            key.ToString(),
            min,
            Math.Max(1, terms.Max ?? Math.Max(min, silos)),
            held.Length > 0 ? held.Max(static h => h.Version.Bytes) : version.Files.Sum(static file => file.Bytes),
            held.Length > 0 ? held.Max(static h => h.Version.SecondsPerCall) : 0,
            LastCall(),
            terms.Requires,
            all)
        {
            IdleAfterMs = terms.IdleMinutes is { } minutes ? (long)(minutes * 60_000) : long.MaxValue,
        };

        // Nobody can have called what has not been there: a plan counts as a call.
        long LastCall() =>
            planned.Length > 0 && all.Any(static replica => !replica.IsReady) && nowMs - plan!.AtMs < WarmingMs
                ? nowMs
                : Math.Max(held.Length > 0 ? nowMs - held.Min(static h => h.Version.IdleMs) : 0, planned.Length > 0 ? plan!.AtMs : 0);
    }
}
