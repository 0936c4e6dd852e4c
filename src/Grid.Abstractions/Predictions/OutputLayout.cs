using Orleans;

namespace Grid.Abstractions;

/// <summary>Names of a version's outputs, and where each lies in <see cref="Prediction.Values"/>. One object per loaded version.</summary>
[GenerateSerializer, Immutable, Alias("grid.output-layout")]
public sealed class OutputLayout(string[] names, int[] lengths)
{
    [Id(0)] public string[] Names { get; } = names;

    /// <summary>Values per output.</summary>
    [Id(1)] public int[] Lengths { get; } = lengths;
}
