namespace Grid.Client.Wire;

/// <summary>A tensor of the Open Inference Protocol in JSON form.</summary>
public sealed record TensorBody
{
    public required string Name { get; init; }

    public required IReadOnlyList<long> Shape { get; init; }

    public required string Datatype { get; init; }

    /// <summary>Elements, nested or flat in row-major order.</summary>
    public System.Text.Json.JsonElement Data { get; init; }
}
