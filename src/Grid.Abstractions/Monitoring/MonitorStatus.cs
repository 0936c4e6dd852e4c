using Orleans;

namespace Grid.Abstractions;

/// <summary>What is known about a model's versions in service.</summary>
/// <param name="Workspace">The workspace.</param>
/// <param name="Model">The model.</param>
/// <param name="Versions">Those that are watched.</param>
/// <param name="OpenSignals">Signals that are open or acknowledged.</param>
/// <param name="PendingEvents">Events that some sink does not have yet.</param>
/// <param name="DroppedEvents">Events that were given up because a sink took none for too long.</param>
/// <param name="LabelledRows">Outcomes since the last training's data ended.</param>
/// <param name="Retrain">What the policy says now.</param>
[GenerateSerializer, Immutable, Alias("grid.monitor-status")]
public sealed record MonitorStatus(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string Model,
    [property: Id(2)] WatchedVersion[] Versions,
    [property: Id(3)] int OpenSignals,
    [property: Id(4)] int PendingEvents,
    [property: Id(5)] long DroppedEvents,
    [property: Id(6)] long LabelledRows,
    [property: Id(7)] RetrainVerdict Retrain);
