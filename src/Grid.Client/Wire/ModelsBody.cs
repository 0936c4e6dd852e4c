namespace Grid.Client.Wire;

/// <summary>Models of a workspace.</summary>
public sealed record ModelsBody
{
    public required IReadOnlyList<ModelBody> Models { get; init; }
}
