using Grid.Abstractions;

namespace Grid.Client.Wire;

/// <summary>Silos in wire form.</summary>
public static class WireCluster
{
    public static SiloBody ToBody(SiloInfo silo) => new()
    {
        Name = silo.Name,
        Address = silo.Address,
        Door = silo.Door,
        Zone = silo.Zone.Length > 0 ? silo.Zone : null,
        Labels = silo.Labels.Length > 0 ? silo.Labels : null,
        Phase = WireEnum.NameOf(silo.Phase),
        Cores = silo.Cores,
        UsedCores = silo.UsedCores,
        MemoryUsedBytes = silo.MemoryUsedBytes,
        MemoryLimitBytes = silo.MemoryLimitBytes,
        Shards = silo.Shards,
        Partitions = silo.Partitions,
        Replicas = silo.Replicas,
        PredictionsPerSecond = silo.PredictionsPerSecond,
        Revision = silo.Revision,
        HeardMsAgo = silo.HeardMsAgo,
    };

    /// <summary>An unknown phase, of a newer silo, reads as <see cref="SiloPhase.Active"/>.</summary>
    public static SiloInfo FromBody(SiloBody body) => new()
    {
        Name = body.Name,
        Address = body.Address,
        Door = body.Door,
        Zone = body.Zone ?? "",
        Labels = [.. body.Labels ?? []],
        Phase = WireEnum.TryParse<SiloPhase>(body.Phase, out var phase) ? phase : SiloPhase.Active,
        Cores = body.Cores,
        UsedCores = body.UsedCores,
        MemoryUsedBytes = body.MemoryUsedBytes,
        MemoryLimitBytes = body.MemoryLimitBytes,
        Shards = body.Shards,
        Partitions = body.Partitions,
        Replicas = body.Replicas,
        PredictionsPerSecond = body.PredictionsPerSecond,
        Revision = body.Revision,
        HeardMsAgo = body.HeardMsAgo,
    };
}
