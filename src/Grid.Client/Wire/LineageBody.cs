namespace Grid.Client.Wire;

/// <summary>Where a version comes from.</summary>
public sealed record LineageBody
{
    public string? Parent { get; init; }

    public string? Signal { get; init; }

    public string? DataSet { get; init; }

    public string? Code { get; init; }

    public Dictionary<string, double>? Metrics { get; init; }
}
