namespace Grid.Client.Wire;

/// <summary>One event of an <see cref="AppendBody"/>.</summary>
public sealed record EventBody
{
    /// <summary>Event type, as a feature view names it.</summary>
    public required string Type { get; init; }

    /// <summary>When it happened. An event without is refused.</summary>
    public WireTime? Time { get; init; }

    /// <summary>Idempotency key: the caller's id of the event, unique within the tenant. An event without is refused.</summary>
    public string? Key { get; init; }

    /// <summary>Values by name: text, number, true, false or null.</summary>
    public Dictionary<string, System.Text.Json.JsonElement>? Fields { get; init; }
}
