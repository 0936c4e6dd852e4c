namespace Grid.Client.Wire;

/// <summary>How a model's traffic divides.</summary>
public sealed record RolloutBody
{
    /// <summary>Counts every change of traffic.</summary>
    public long Number { get; init; }

    public string? Live { get; init; }

    public CanaryBody? Canary { get; init; }

    public ExperimentBody? Experiment { get; init; }

    public required IReadOnlyList<string> Shadows { get; init; }
}
