namespace Grid.Client.Wire;

/// <summary>What became of one outcome.</summary>
public sealed record OutcomeAnswerBody
{
    /// <summary><c>recorded</c>, <c>duplicate</c>, <c>corrected</c>, <c>mismatched</c>, <c>unmatched</c> or <c>refused</c>; the last three stored nothing.</summary>
    public required string Verdict { get; init; }

    /// <summary>Why nothing was stored.</summary>
    public string? Reason { get; init; }
}
