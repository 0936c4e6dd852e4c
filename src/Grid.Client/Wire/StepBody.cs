namespace Grid.Client.Wire;

/// <summary>One change of a model's traffic.</summary>
public sealed record StepBody
{
    public WireTime At { get; init; }

    /// <summary><c>live</c>, <c>canary</c>, <c>promote</c>, <c>rollback</c>, <c>shadow</c>, <c>unshadow</c> or <c>experiment</c>.</summary>
    public required string Action { get; init; }

    public string? Version { get; init; }

    /// <summary>Done by the guards and not by hand.</summary>
    public bool Automatic { get; init; }

    public string? Reason { get; init; }

    public required IReadOnlyList<FigureBody> Figures { get; init; }

    public required RolloutBody After { get; init; }
}
