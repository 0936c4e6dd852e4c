using System.Collections.Immutable;
using Grid.Primitives;

namespace Grid.Inference.Signatures;

/// <summary>One declared input or output of an ONNX model. Immutable.</summary>
/// <param name="Name">The name in the graph.</param>
/// <param name="ElementType">Type of each element.</param>
/// <param name="Dimensions">A fixed dimension is 0 or more, a dynamic one -1; empty for a scalar and where <paramref name="RankKnown"/> is false.</param>
/// <param name="Symbols">For each dimension its symbolic name (<c>batch</c>), or null where it has none.</param>
/// <param name="RankKnown">False where the file declares no shape at all.</param>
public sealed record TensorSpec(
    string Name,
    TensorElementType ElementType,
    ImmutableArray<long> Dimensions,
    ImmutableArray<string?> Symbols,
    bool RankKnown = true)
{
    public int Rank => Dimensions.Length;

    /// <summary>The shape as people write it: <c>[batch,24]</c>, <c>[?,2]</c>, <c>any shape</c>.</summary>
    public string DescribeShape()
    {
        if (!RankKnown)
        {
            return "any shape";
        }

        var symbols = Symbols;
        return $"[{string.Join(',', Dimensions.Select((d, i) => d >= 0 ? d.ToString(System.Globalization.CultureInfo.InvariantCulture) : symbols[i] ?? "?"))}]";
    }

    public override string ToString() => $"{Name}: {TensorElementTypes.NameOf(ElementType)}{(RankKnown ? DescribeShape() : "")}";
}
