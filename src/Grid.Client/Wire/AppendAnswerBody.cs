namespace Grid.Client.Wire;

/// <summary>Answer to an <see cref="AppendBody"/>.</summary>
public sealed record AppendAnswerBody
{
    /// <summary>In the order of the events.</summary>
    public required IReadOnlyList<EventAnswerBody> Answers { get; init; }
}
