namespace Grid.Client;

/// <summary>One fact about an entity.</summary>
/// <param name="Type">Event type, as a feature view names it.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Key">Idempotency key: the caller's id of the event, unique within the tenant; the same key again is a duplicate and changes nothing.</param>
/// <param name="Fields">Values by field name: string, bool, or any number.</param>
public sealed record GridEvent(string Type, DateTimeOffset Time, string Key, IReadOnlyDictionary<string, object?> Fields);
