namespace Grid.Client.Wire;

/// <summary>The truth about one prediction, named by its id or by model, entity and time.</summary>
public sealed record OutcomeBody
{
    public string? PredictionId { get; init; }

    public string? Model { get; init; }

    public string? Entity { get; init; }

    /// <summary>As-of time of the prediction.</summary>
    public WireTime? Time { get; init; }

    /// <summary>The label: 0 or 1 for a binary model, the true value for a regression.</summary>
    public double Value { get; init; }
}
