namespace Grid.Client.Wire;

/// <summary>One side of an experiment.</summary>
public sealed record ArmBody
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>Its share is its weight over the sum of all.</summary>
    public required double Weight { get; init; }
}
