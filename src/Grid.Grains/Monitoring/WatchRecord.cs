using Grid.Abstractions;

namespace Grid.Grains.Monitoring;

/// <summary>Stored: what has to be known of a version before its monitor can go on.</summary>
/// <param name="Version">The version.</param>
/// <param name="Digest">Of its artifact.</param>
/// <param name="Features">What its rows are made of.</param>
/// <param name="Outputs">What its answers are made of.</param>
/// <param name="IsEventClock">Windows follow the events.</param>
/// <param name="Vector">Fingerprint of what the features' values depended on when it was first served; empty before.</param>
/// <param name="SinceMs">When it was first served, by its own clock.</param>
/// <param name="MarkMs">How far its windows have come, by the events; null where they follow the clock.</param>
internal sealed record WatchRecord(string Version, string Digest, string[] Features, string[] Outputs, bool IsEventClock, string Vector, long? SinceMs, long? MarkMs)
{
    public bool Fits(MonitorColumns columns) => new MonitorColumns(Features, Outputs, IsEventClock).Fits(columns);
}
