namespace Grid.Client.Wire;

/// <summary>Answer to a <see cref="DeliveryBody"/>, always with both marks.</summary>
public sealed record DeliveryAnswerBody
{
    /// <summary><c>applied</c>, <c>gap</c>, <c>stale_reader</c> or <c>refused</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Positions at or below are applied; -1 where none is.</summary>
    public long AppliedMark { get; init; }

    /// <summary>Positions at or below survive a crash; -1 where none does.</summary>
    public long DurableMark { get; init; }

    /// <summary>Why it was refused.</summary>
    public ErrorBody? Error { get; init; }
}
