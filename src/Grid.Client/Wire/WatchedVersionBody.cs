using Grid.Abstractions;

namespace Grid.Client.Wire;

/// <summary>One version as its monitor sees it; see <see cref="WatchedVersion"/>.</summary>
public sealed record WatchedVersionBody
{
    public required string Version { get; init; }

    public required string Baseline { get; init; }

    public long OpenRows { get; init; }

    public long LateRows { get; init; }

    public MonitorWindowBody? Window { get; init; }
}
