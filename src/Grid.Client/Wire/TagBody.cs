namespace Grid.Client.Wire;

/// <summary>Body of a tag.</summary>
public sealed record TagBody
{
    public required string Value { get; init; }
}
