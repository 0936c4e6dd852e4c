namespace Grid.Client.Wire;

/// <summary>From when on a version was live.</summary>
public sealed record LiveSpanBody
{
    public required string Version { get; init; }

    public WireTime Since { get; init; }
}
