namespace Grid.Client.Wire;

/// <summary>What became of one event.</summary>
public sealed record EventAnswerBody
{
    /// <summary><c>accepted</c>, <c>duplicate</c>, <c>late</c>, <c>quarantined</c>, <c>refused</c> or <c>unrouted</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>Why, where it is not accepted; names the field or the limit.</summary>
    public string? Reason { get; init; }
}
