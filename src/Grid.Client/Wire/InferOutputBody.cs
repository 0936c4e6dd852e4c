namespace Grid.Client.Wire;

/// <summary>An output that an <see cref="InferBody"/> asks for.</summary>
public sealed record InferOutputBody
{
    public required string Name { get; init; }
}
