namespace Grid.Client.Wire;

/// <summary>A number that a step was decided on.</summary>
public sealed record FigureBody
{
    public required string Name { get; init; }

    public double Value { get; init; }

    public double Limit { get; init; }

    public long Samples { get; init; }
}
