using Orleans;

namespace Grid.Abstractions;

/// <summary>How a silo must sketch a version's rows.</summary>
/// <param name="Fingerprint">Names the layout; sketches add up only under one.</param>
/// <param name="Baseline">The baseline as JSON; empty while a provisional one is being learned.</param>
/// <param name="Columns">Which columns of a row are watched, by place: features, then outputs.</param>
/// <param name="WindowMs">Length of a window.</param>
/// <param name="OriginMs">A start of a window, Unix milliseconds.</param>
[GenerateSerializer, Immutable, Alias("grid.monitor-layout")]
public sealed record MonitorLayout(
    [property: Id(0)] ulong Fingerprint,
    [property: Id(1)] byte[] Baseline,
    [property: Id(2)] int[] Columns,
    [property: Id(3)] long WindowMs,
    [property: Id(4)] long OriginMs);
