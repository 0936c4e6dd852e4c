namespace Grid.Client.Wire;

/// <summary>Asks for a training by hand.</summary>
public sealed record RetrainRequestBody
{
    public required string By { get; init; }
}
