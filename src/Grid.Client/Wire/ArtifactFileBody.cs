namespace Grid.Client.Wire;

/// <summary>A file of a version, by content address.</summary>
public sealed record ArtifactFileBody
{
    public required string Name { get; init; }

    public required string Digest { get; init; }

    public long Bytes { get; init; }
}
