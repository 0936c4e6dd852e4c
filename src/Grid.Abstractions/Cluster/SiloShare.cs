using Orleans;

namespace Grid.Abstractions;

/// <summary>A silo as the balancer sees it.</summary>
/// <param name="Silo">Its name.</param>
/// <param name="CapacityCores">Cores it may use.</param>
/// <param name="UsedCores">Cores that its process uses, smoothed over some 15 s.</param>
/// <param name="QueueMs">How long work waits for a thread there, in milliseconds.</param>
/// <param name="Shards">Shards that live there.</param>
/// <param name="StateBytes">Memory of their records.</param>
/// <param name="CallsPerSecond">Predictions that its shards ask of models.</param>
/// <param name="RemotePerSecond">Of them, those that no replica of its own answered.</param>
[GenerateSerializer, Immutable, Alias("grid.silo-share")]
public sealed record SiloShare(
    [property: Id(0)] string Silo,
    [property: Id(1)] double CapacityCores,
    [property: Id(2)] double UsedCores,
    [property: Id(3)] double QueueMs,
    [property: Id(4)] long Shards,
    [property: Id(5)] long StateBytes,
    [property: Id(6)] double CallsPerSecond,
    [property: Id(7)] double RemotePerSecond);
