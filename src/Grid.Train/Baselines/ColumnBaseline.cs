namespace Grid.Train.Baselines;

/// <summary>Statistics of one column of the training rows; missing values are counted apart and are in no other figure.</summary>
/// <param name="Edges">Rising edges of the bins.</param>
/// <param name="Counts">Rows in each bin, one more than edges.</param>
/// <param name="Mean">Mean.</param>
/// <param name="Std">Standard deviation, of the rows themselves (divided by their number).</param>
/// <param name="Min">Smallest value.</param>
/// <param name="Max">Largest value.</param>
/// <param name="Missing">Rows without a value; null for none.</param>
internal sealed record ColumnBaseline(double[] Edges, long[] Counts, double Mean, double Std, double Min, double Max, long? Missing)
{
    /// <summary>What the edges and counts mean.</summary>
    public const string BinRule = "bin i holds edges[i-1] < x <= edges[i]; the first has no lower bound, the last no upper one; edges: the distinct deciles of the training rows";

    private const int Bins = 10;

    /// <param name="values">The column; sorted in place.</param>
    public static ColumnBaseline Of(Span<float> values)
    {
        // NaN sorts before every number.
        values.Sort();
        var missing = 0;
        while (missing < values.Length && float.IsNaN(values[missing]))
        {
            missing++;
        }

        var rows = (ReadOnlySpan<float>)values[missing..];
        if (rows.IsEmpty)
        {
            return new ColumnBaseline([], [0], 0, 0, 0, 0, missing);
        }

        var edges = Deciles(rows);
        var counts = new long[edges.Length + 1];
        var bin = 0;
        double sum = 0;
        foreach (var value in rows)
        {
            while (bin < edges.Length && value > edges[bin])
            {
                bin++;
            }

            counts[bin]++;
            sum += value;
        }

        var mean = sum / rows.Length;
        double squares = 0;
        foreach (var value in rows)
        {
            squares += (value - mean) * (value - mean);
        }

        return new ColumnBaseline(edges, counts, mean, Math.Sqrt(squares / rows.Length), rows[0], rows[^1], missing == 0 ? null : missing);
    }

    /// <summary>The distinct deciles, interpolated between neighbours (Hyndman and Fan's definition 7), as floats.</summary>
    private static double[] Deciles(ReadOnlySpan<float> sorted)
    {
        var edges = new List<double>(Bins - 1);
        for (var decile = 1; decile < Bins; decile++)
        {
            var at = (sorted.Length - 1) * (decile / (double)Bins);
            var below = (int)at;
            var above = Math.Min(below + 1, sorted.Length - 1);
            var edge = (float)(sorted[below] + ((at - below) * ((double)sorted[above] - sorted[below])));
            if (edges.Count == 0 || edge > edges[^1])
            {
                edges.Add(edge);
            }
        }

        return [.. edges];
    }
}
