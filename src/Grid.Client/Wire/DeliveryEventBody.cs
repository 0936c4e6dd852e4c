namespace Grid.Client.Wire;

/// <summary>One event of a <see cref="DeliveryBody"/>.</summary>
public sealed record DeliveryEventBody
{
    /// <summary>Event type, as a feature view names it.</summary>
    public required string Type { get; init; }

    /// <summary>When it happened.</summary>
    public WireTime? Time { get; init; }

    /// <summary>Time stamp of the record at its source.</summary>
    public WireTime? Arrival { get; init; }

    /// <summary>Position in the partition, 0 or more, rising.</summary>
    public long Position { get; init; }

    /// <summary>Idempotency key, where the source has one.</summary>
    public string? Key { get; init; }

    /// <summary>Values by name: text, number, true, false or null.</summary>
    public Dictionary<string, System.Text.Json.JsonElement>? Fields { get; init; }
}
