namespace Grid.Client.Wire;

/// <summary>Answer to a <see cref="PredictManyBody"/>.</summary>
public sealed record PredictManyAnswerBody
{
    /// <summary>In the order of the items.</summary>
    public required IReadOnlyList<PredictionBody> Predictions { get; init; }
}
