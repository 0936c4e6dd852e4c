using Grid.Abstractions;

namespace Grid.Client.Wire;

/// <summary>What is known about a model's versions; see <see cref="MonitorStatus"/>.</summary>
public sealed record MonitorBody
{
    public required string Model { get; init; }

    public required IReadOnlyList<WatchedVersionBody> Versions { get; init; }

    public int OpenSignals { get; init; }

    public int PendingEvents { get; init; }

    public long DroppedEvents { get; init; }

    public long LabelledRows { get; init; }

    public required RetrainBody Retrain { get; init; }
}
