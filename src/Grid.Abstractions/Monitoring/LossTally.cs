using Orleans;

namespace Grid.Abstractions;

/// <summary>Sums over the losses of predictions with a known outcome.</summary>
/// <param name="Count">How many.</param>
/// <param name="Sum">Of the losses.</param>
/// <param name="SumOfSquares">Of the losses.</param>
[GenerateSerializer, Immutable, Alias("grid.loss-tally")]
public readonly record struct LossTally(
    [property: Id(0)] long Count,
    [property: Id(1)] double Sum,
    [property: Id(2)] double SumOfSquares);
