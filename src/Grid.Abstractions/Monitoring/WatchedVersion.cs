using Orleans;

namespace Grid.Abstractions;

/// <summary>One version as its monitor sees it.</summary>
/// <param name="Version">The version.</param>
/// <param name="Baseline"><c>training</c>, <c>provisional</c> (learned from the first rows served), or <c>learning</c>.</param>
/// <param name="OpenRows">Rows in windows that are not over.</param>
/// <param name="LateRows">Rows that came after their window was closed.</param>
/// <param name="Window">The last window that was tested since the monitor started; null before.</param>
[GenerateSerializer, Immutable, Alias("grid.watched-version")]
public sealed record WatchedVersion(
    [property: Id(0)] string Version,
    [property: Id(1)] string Baseline,
    [property: Id(2)] long OpenRows,
    [property: Id(3)] long LateRows,
    [property: Id(4)] MonitorWindow? Window);
