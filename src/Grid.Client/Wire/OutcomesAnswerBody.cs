namespace Grid.Client.Wire;

/// <summary>Answer to an <see cref="OutcomesBody"/>.</summary>
public sealed record OutcomesAnswerBody
{
    /// <summary>In the order of the outcomes.</summary>
    public required IReadOnlyList<OutcomeAnswerBody> Answers { get; init; }
}
