using System.Globalization;
using Grid.Primitives;

namespace Grid.Train.Boosting;

/// <summary>Reads trees from LightGBM's text form, version 4. What it holds that a tree of numeric splits does not need is refused, not passed over.</summary>
internal static class TreeText
{
    /// <summary>Bits of <c>decision_type</c>: a split by category, the side of a missing value, and what counts as missing.</summary>
    private const int CategoryBit = 1;
    private const int DefaultLeftBit = 2;
    private const int MissingShift = 2;
    private const int MissingNone = 0;
    private const int MissingNaN = 2;

    /// <exception cref="GridException">The text is not as expected.</exception>
    public static BoostedTrees Parse(string text)
    {
        var trees = new List<Tree>();
        Dictionary<string, string>? fields = null;
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.TrimEnd('\r');
            if (line.StartsWith("Tree=", StringComparison.Ordinal) || line == "end of trees")
            {
                if (fields is not null)
                {
                    trees.Add(Read(fields, trees.Count));
                }

                if (line == "end of trees")
                {
                    return new BoostedTrees(trees);
                }

                fields = new Dictionary<string, string>(StringComparer.Ordinal);
            }
            else if (fields is not null && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            {
                fields[line[..at]] = line[(at + 1)..];
            }
        }

        throw Unexpected("has no end").ToException();
    }

    private static Tree Read(Dictionary<string, string> fields, int index)
    {
        if (Field("num_cat") != "0" || (fields.TryGetValue("is_linear", out var linear) && linear != "0"))
        {
            throw Unexpected($"has a tree {index} that does not split numbers into constants").ToException();
        }

        var leaves = Numbers("leaf_value");
        var splits = leaves.Length - 1;
        if (Field("num_leaves") != leaves.Length.ToString(CultureInfo.InvariantCulture))
        {
            throw Unexpected($"has a tree {index} of {Field("num_leaves")} leaves with {leaves.Length} values").ToException();
        }

        if (splits == 0)
        {
            return new Tree([], [], [], [], [], [], leaves);
        }

        var thresholds = Numbers("threshold");
        var decisions = Integers("decision_type");
        var missingLeft = new bool[splits];
        for (var i = 0; i < splits; i++)
        {
            missingLeft[i] = (decisions[i] & CategoryBit, decisions[i] >> MissingShift) switch
            {
                // Without missing values in training, a missing one is taken for 0.
                (0, MissingNone) => thresholds[i] >= 0,
                (0, MissingNaN) => (decisions[i] & DefaultLeftBit) != 0,
                _ => throw Unexpected($"has a decision {decisions[i]} in tree {index}").ToException(),
            };
        }

        return new Tree(Integers("split_feature"), thresholds, missingLeft, Integers("left_child"), Integers("right_child"), Numbers("split_gain"), leaves);

        string Field(string name) => fields.TryGetValue(name, out var value) ? value : throw Unexpected($"has a tree {index} without {name}").ToException();

        double[] Numbers(string name) => [.. Field(name).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static t => double.Parse(t, CultureInfo.InvariantCulture))];

        int[] Integers(string name) => [.. Field(name).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static t => int.Parse(t, CultureInfo.InvariantCulture))];
    }

    private static GridError Unexpected(string what) =>
        new(GridErrorCode.Internal, "LightGBM's model text", $"{what}.", "Use the version of LightGBM that this program was built with.");
}
