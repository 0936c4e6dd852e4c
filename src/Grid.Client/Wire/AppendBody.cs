namespace Grid.Client.Wire;

/// <summary>Body of <c>POST /v1/{workspace}/tenants/{tenant}/events</c>.</summary>
public sealed record AppendBody
{
    /// <summary>The events, answered in this order.</summary>
    public required IReadOnlyList<EventBody> Events { get; init; }

    /// <summary><c>durable</c> (default): answer after the commit. <c>applied</c>: once readable.</summary>
    public string? Ack { get; init; }
}
