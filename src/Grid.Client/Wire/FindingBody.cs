using Grid.Abstractions;

namespace Grid.Client.Wire;

/// <summary>One test of one window; see <see cref="MonitorFinding"/>. What is not a number is left out.</summary>
public sealed record FindingBody
{
    public required string Type { get; init; }

    public string? Column { get; init; }

    public required string Statistic { get; init; }

    public double? Value { get; init; }

    public double? Reference { get; init; }

    public double? Threshold { get; init; }

    public double? P { get; init; }

    public long Samples { get; init; }

    public double? EffectiveSamples { get; init; }

    public bool Tested { get; init; }

    public bool Hit { get; init; }
}
