namespace Grid.Streams.Kafka;

/// <summary>One field that an event takes from a value.</summary>
/// <param name="Path">Names joined by dots: <c>address.city</c>.</param>
/// <param name="Name">What the event calls it; null: the path with underscores, <c>address_city</c>.</param>
public sealed record FieldMapping(string Path, string? Name = null);
