using Orleans;

namespace Grid.Abstractions;

/// <summary>What was tested in a window.</summary>
/// <param name="FromMs">Start, Unix milliseconds.</param>
/// <param name="ToMs">End.</param>
/// <param name="Rows">Rows that were looked at.</param>
/// <param name="SamplingRate">Share of the answered rows that they are.</param>
/// <param name="Outcomes">Outcomes that arrived in it.</param>
/// <param name="Held">Drift was not judged, because the data had a quality incident.</param>
/// <param name="Findings">Every test.</param>
[GenerateSerializer, Immutable, Alias("grid.monitor-window")]
public sealed record MonitorWindow(
    [property: Id(0)] long FromMs,
    [property: Id(1)] long ToMs,
    [property: Id(2)] long Rows,
    [property: Id(3)] double SamplingRate,
    [property: Id(4)] long Outcomes,
    [property: Id(5)] bool Held,
    [property: Id(6)] MonitorFinding[] Findings);
