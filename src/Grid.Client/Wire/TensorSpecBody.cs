namespace Grid.Client.Wire;

/// <summary>An input or output; -1 for a dynamic dimension.</summary>
public sealed record TensorSpecBody
{
    public required string Name { get; init; }

    public required string DataType { get; init; }

    public required IReadOnlyList<long> Shape { get; init; }
}
