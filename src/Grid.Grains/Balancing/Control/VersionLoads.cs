using Grid.Grains.Balancing.Costs;

namespace Grid.Grains.Balancing.Control;

/// <summary>
/// Versions as the silos hold them. Every silo loads what its shards call, and a version that goes live is loaded on all of them first: wherever a shard
/// is moved, its model is. So each version counts as wanted on every silo that stays, no more and no fewer.
/// </summary>
internal static class VersionLoads
{
    public static VersionLoad[] Of(IReadOnlyList<LoadReport> reports, long nowMs)
    {
        WantedReplica[] everywhere = [.. reports.Where(static r => r.Load.State != SiloState.Draining).Select(static r => new WantedReplica(r.Load.Silo, IsReady: true))];
        return everywhere.Length == 0
            ? []
            : [
                .. reports.SelectMany(static r => r.Versions).GroupBy(static v => v.Version, StringComparer.Ordinal).Select(group => new VersionLoad(
                    group.Key,
                    everywhere.Length,
                    everywhere.Length,
                    group.Max(static v => v.Bytes),
                    group.Max(static v => v.SecondsPerCall),
                    nowMs,
                    [],
                    everywhere)),
            ];
    }
}
