namespace Grid.Inference.Manifests;

/// <summary>
/// How much worse than the live version a version on trial may be once outcomes are known: log loss for probabilities of a label of 0 or 1, squared error otherwise,
/// of the last output value. Both are judged on the same predictions. Immutable.
/// </summary>
public sealed record PerformanceGuard
{
    /// <summary>How much its mean loss may exceed the live version's, as a share of that; over 0, up to 10. Default 0.05.</summary>
    public double Margin { get; init; } = 0.05;

    /// <summary>Outcomes before it can be found good. One that is worse for sure is thrown back earlier. Default 1,000; 2 to 1,000,000,000.</summary>
    public int MinOutcomes { get; init; } = 1000;
}
