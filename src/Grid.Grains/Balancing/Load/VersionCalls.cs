namespace Grid.Grains.Balancing;

/// <summary>How often a shard, or all shards of a silo, call one model version.</summary>
/// <param name="Version">The version, <c>workspace/model/version</c>.</param>
/// <param name="PerSecond">All calls a second.</param>
/// <param name="RemotePerSecond">Of them, those that another silo's replica answered, or that found none.</param>
internal readonly record struct VersionCalls(string Version, double PerSecond, double RemotePerSecond);
