namespace Grid.Client.Wire;

/// <summary>A failure as RFC 9457 problem details (<c>application/problem+json</c>). The first error decides the status.</summary>
public sealed record ProblemBody
{
    public string? Type { get; init; }

    public string? Title { get; init; }

    public int Status { get; init; }

    public string? Detail { get; init; }

    /// <summary>The class of the failure, such as <c>not_found</c>.</summary>
    public string? Code { get; init; }

    /// <summary>The thing to blame.</summary>
    public string? Target { get; init; }

    /// <summary>One sentence with the value and the limit.</summary>
    public string? Message { get; init; }

    /// <summary>What the caller can do.</summary>
    public string? Fix { get; init; }

    /// <summary>When a retry makes sense; the Retry-After header says it in whole seconds.</summary>
    public int? RetryAfterMs { get; init; }

    /// <summary>All that is wrong, in the order found.</summary>
    public IReadOnlyList<ErrorBody>? Errors { get; init; }
}
