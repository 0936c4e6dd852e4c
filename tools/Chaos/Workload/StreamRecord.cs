namespace Grid.Chaos.Workload;

/// <summary>A record as the producer sends it.</summary>
/// <param name="Partition">Where to.</param>
/// <param name="Key">The tenant; may be no valid name.</param>
/// <param name="Value">JSON, or what should be.</param>
/// <param name="ArrivalMs">The record's time stamp.</param>
internal sealed record StreamRecord(int Partition, string Key, string Value, long ArrivalMs);
