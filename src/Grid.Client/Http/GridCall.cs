namespace Grid.Client.Http;

/// <summary>One call to a silo, before any attempt of it.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path and query, without a leading slash.</param>
/// <param name="Safety">What may be done when an attempt fails.</param>
internal sealed record GridCall(HttpMethod Method, string Path, CallSafety Safety)
{
    /// <summary>Makes the body of an attempt from the time that is left; null for none.</summary>
    public Func<TimeSpan, HttpContent>? Content { get; init; }

    /// <summary>How long all attempts may take; null for the option's.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>How long one attempt may take; null for the option's.</summary>
    public TimeSpan? AttemptTimeout { get; init; }

    /// <summary>What owners are remembered by; null where any silo will do.</summary>
    public OwnerKey? Owner { get; init; }

    /// <summary>The workspace as a header, for protocols whose paths have no place for it.</summary>
    public string? WorkspaceHeader { get; init; }

    /// <summary>What to blame in errors that come without a problem body.</summary>
    public required string Target { get; init; }
}
