namespace Grid.Inference.Manifests;

/// <summary>How often a version on trial may decide otherwise than the live one on the same features. Immutable.</summary>
public sealed record DisagreementGuard
{
    /// <summary>Where a probability is cut when nothing else is said.</summary>
    public const double DefaultThreshold = 0.5;

    /// <summary>Name of the output to compare; null for the first that both versions have.</summary>
    public string? Output { get; init; }

    /// <summary>Two values disagree where one is below it and one is not. Default 0.5. Outputs of many values disagree where another one is the largest.</summary>
    public double Threshold { get; init; } = DefaultThreshold;

    /// <summary>The largest part of the predictions that may disagree; 0 to 1. Default 0.1.</summary>
    public double Rate { get; init; } = 0.1;
}
