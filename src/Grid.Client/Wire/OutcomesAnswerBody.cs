namespace Grid.Client.Wire;

/// <summary>Answer to an <see cref="OutcomesBody"/>.</summary>
public sealed record OutcomesAnswerBody
{
    /// <summary><c>recorded</c>, <c>duplicate</c> or <c>corrected</c>, in the order of the outcomes.</summary>
    public required IReadOnlyList<string> Answers { get; init; }
}
