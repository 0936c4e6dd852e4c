namespace Grid.Client.Wire;

/// <summary>One entity of a <see cref="PredictManyBody"/>.</summary>
public sealed record PredictItemBody
{
    /// <summary>Key of the main entity.</summary>
    public required string Entity { get; init; }

    /// <summary>Request-time values by name; finite numbers.</summary>
    public Dictionary<string, double>? Values { get; init; }
}
