namespace Grid.Client.Wire;

/// <summary>The silos.</summary>
public sealed record ClusterBody
{
    public required IReadOnlyList<SiloBody> Silos { get; init; }
}
