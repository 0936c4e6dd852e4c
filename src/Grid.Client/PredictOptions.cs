namespace Grid.Client;

/// <summary>What a prediction request may ask for.</summary>
public sealed record PredictOptions
{
    public static readonly PredictOptions Default = new();

    /// <summary>Pins a version, by name or as <c>@alias</c>; default what the rollout says.</summary>
    public string? Version { get; init; }

    /// <summary>How long the caller still waits; refused at once if it cannot be met. Default: the model's own limit. 1 ms to 10 min.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Also answer the vector that the model saw.</summary>
    public bool WithFeatures { get; init; }
}
