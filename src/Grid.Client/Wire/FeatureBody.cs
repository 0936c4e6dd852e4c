namespace Grid.Client.Wire;

/// <summary>One feature of a <see cref="FeatureReadingBody"/>.</summary>
public sealed record FeatureBody
{
    public required string Name { get; init; }

    /// <summary>A number, or <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>.</summary>
    public required WireFloats Value { get; init; }

    /// <summary><c>fresh</c>, <c>default</c>, <c>missing</c>, <c>stale</c> or <c>degraded</c>.</summary>
    public required string State { get; init; }
}
