using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>What a schema source says about an id. One of: the schema; nothing (the id belongs to none); an error (ask again later).</summary>
/// <param name="Json">The Avro schema as JSON.</param>
/// <param name="References">Schemas that it uses by name, in an order in which each uses only those before it.</param>
/// <param name="Error">Why the source cannot tell.</param>
public sealed record SchemaAnswer(string? Json, IReadOnlyList<string> References, GridError? Error)
{
    public static SchemaAnswer None { get; } = new(null, [], null);

    public static SchemaAnswer Found(string json, params IReadOnlyList<string> references) => new(json, references, null);

    public static SchemaAnswer Failed(GridError error) => new(null, [], error);
}
