using Grid.Train.Boosting;

namespace Grid.Train.Onnx;

/// <summary>
/// Trees in the numbers that an ONNX file holds. A threshold is the largest float that is not above the trained double, so that
/// <c>x &lt;= t</c> says the same as before for every float x. Leaves are the nearest floats.
/// </summary>
internal sealed class FloatTrees
{
    private readonly Tree[] _trees;
    private readonly float[][] _thresholds;
    private readonly float[][] _leaves;

    public FloatTrees(BoostedTrees trees)
    {
        _trees = [.. trees.Trees];
        _thresholds = [.. _trees.Select(static t => Array.ConvertAll(t.Thresholds, RoundDown))];
        _leaves = [.. _trees.Select(static t => Array.ConvertAll(t.Leaves, static v => (float)v))];
    }

    public IReadOnlyList<Tree> Trees => _trees;

    public float[] Thresholds(int tree) => _thresholds[tree];

    public float[] Leaves(int tree) => _leaves[tree];

    /// <summary>The largest float that is at most <paramref name="value"/>; minus infinity below all finite ones.</summary>
    public static float RoundDown(double value)
    {
        var nearest = (float)value;
        return nearest > value ? MathF.BitDecrement(nearest) : nearest;
    }

    /// <summary>The sum of the leaves that a row falls into, added up in floats as a runtime does.</summary>
    public float Sum(ReadOnlySpan<float> row)
    {
        var sum = 0f;
        for (var tree = 0; tree < _trees.Length; tree++)
        {
            sum += _leaves[tree][LeafOf(tree, row)];
        }

        return sum;
    }

    private int LeafOf(int index, ReadOnlySpan<float> row)
    {
        var tree = _trees[index];
        if (tree.Features.Length == 0)
        {
            return 0;
        }

        var thresholds = _thresholds[index];
        var node = 0;
        while (node >= 0)
        {
            var value = row[tree.Features[node]];
            node = value <= thresholds[node] || (float.IsNaN(value) && tree.MissingLeft[node]) ? tree.Left[node] : tree.Right[node];
        }

        return ~node;
    }
}
