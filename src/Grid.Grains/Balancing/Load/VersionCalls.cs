namespace Grid.Grains.Balancing;

/// <summary>How often a shard, or all shards of a silo, call one model version.</summary>
/// <param name="Version">The version, <c>workspace/model/version</c>.</param>
/// <param name="PerSecond">All calls a second.</param>
/// <param name="RemotePerSecond">Of them, those that another silo's replica answered, or that found none.</param>
[GenerateSerializer, Immutable, Alias("grid.version-calls")]
internal readonly record struct VersionCalls(
    [property: Id(0)] string Version,
    [property: Id(1)] double PerSecond,
    [property: Id(2)] double RemotePerSecond);
