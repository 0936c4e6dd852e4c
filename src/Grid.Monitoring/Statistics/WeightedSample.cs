namespace Grid.Monitoring.Statistics;

/// <summary>Values in rising order, each with a weight. Immutable by convention: whoever makes one gives its arrays away.</summary>
internal sealed class WeightedSample
{
    public WeightedSample(double[] sortedValues, double[] weights)
    {
        Values = sortedValues;
        Weights = weights;
        foreach (var w in weights)
        {
            TotalWeight += w;
        }
    }

    public double[] Values { get; }

    public double[] Weights { get; }

    public double TotalWeight { get; }

    public int Count => Values.Length;

    /// <param name="values">In any order.</param>
    /// <param name="weights">One a value; null for one each.</param>
    public static WeightedSample Of(IEnumerable<double> values, IEnumerable<double>? weights = null)
    {
        double[] v = [.. values];
        double[] w = weights is null ? [.. v.Select(static _ => 1.0)] : [.. weights];
        Array.Sort(v, w);
        return new WeightedSample(v, w);
    }
}
