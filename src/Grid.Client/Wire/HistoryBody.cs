namespace Grid.Client.Wire;

/// <summary>What a model's traffic was, oldest first.</summary>
public sealed record HistoryBody
{
    public required IReadOnlyList<StepBody> Steps { get; init; }

    public required IReadOnlyList<LiveSpanBody> Lives { get; init; }

    /// <summary>How traffic divided at the time that was asked for.</summary>
    public RolloutBody? At { get; init; }
}
