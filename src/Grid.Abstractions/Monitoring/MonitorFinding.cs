using Orleans;

namespace Grid.Abstractions;

/// <summary>One test of one window.</summary>
/// <param name="Type">What it would say, as in <see cref="SignalInfo.Type"/>.</param>
/// <param name="Column">Feature or output; null for the model as a whole.</param>
/// <param name="Statistic">What was measured.</param>
/// <param name="Value">Measured.</param>
/// <param name="Reference">The same in the reference, where it has a value of its own.</param>
/// <param name="Threshold">The effect from which on it counts.</param>
/// <param name="P">Chance of such a value without any change, corrected; null where the statistic has none.</param>
/// <param name="Samples">Rows that were measured.</param>
/// <param name="EffectiveSamples">What they are worth as independent rows.</param>
/// <param name="Tested">False where there were too few effective samples to say anything.</param>
/// <param name="Hit">Effect and significance together.</param>
[GenerateSerializer, Immutable, Alias("grid.monitor-finding")]
public sealed record MonitorFinding(
    [property: Id(0)] string Type,
    [property: Id(1)] string? Column,
    [property: Id(2)] string Statistic,
    [property: Id(3)] double Value,
    [property: Id(4)] double? Reference,
    [property: Id(5)] double Threshold,
    [property: Id(6)] double? P,
    [property: Id(7)] long Samples,
    [property: Id(8)] double EffectiveSamples,
    [property: Id(9)] bool Tested,
    [property: Id(10)] bool Hit);
