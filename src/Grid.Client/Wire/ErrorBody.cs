namespace Grid.Client.Wire;

/// <summary>An expected failure.</summary>
public sealed record ErrorBody
{
    /// <summary>The class of the failure, such as <c>not_found</c>.</summary>
    public required string Code { get; init; }

    /// <summary>The thing to blame.</summary>
    public required string Target { get; init; }

    /// <summary>One sentence with the value and the limit.</summary>
    public required string Message { get; init; }

    /// <summary>What the caller can do.</summary>
    public string? Fix { get; init; }

    /// <summary>When a retry makes sense.</summary>
    public int? RetryAfterMs { get; init; }
}
