namespace Grid.Client.Wire;

/// <summary>Marks a signal as seen.</summary>
public sealed record AcknowledgeBody
{
    public required string Id { get; init; }

    public required string By { get; init; }
}
