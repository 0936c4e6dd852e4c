using Grid.Abstractions;

namespace Grid.Client.Wire;

/// <summary>What was tested in a window; see <see cref="MonitorWindow"/>.</summary>
public sealed record MonitorWindowBody
{
    public WireTime From { get; init; }

    public WireTime To { get; init; }

    public long Rows { get; init; }

    public double SamplingRate { get; init; }

    public long Outcomes { get; init; }

    public bool Held { get; init; }

    public required IReadOnlyList<FindingBody> Findings { get; init; }
}
