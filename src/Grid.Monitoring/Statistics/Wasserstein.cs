namespace Grid.Monitoring.Statistics;

/// <summary>The first Wasserstein distance: the area between two cumulative distributions, in the unit of the values.</summary>
internal static class Wasserstein
{
    /// <summary>Least standard deviation to divide by, so that a column that never changed does not make every change infinite.</summary>
    public const double MinimumDeviation = 0.001;

    public static double Distance(WeightedSample u, WeightedSample v)
    {
        double area = 0, fu = 0, fv = 0;
        var previous = double.NaN;
        for (int i = 0, j = 0; i < u.Count || j < v.Count;)
        {
            var at = Math.Min(i < u.Count ? u.Values[i] : double.PositiveInfinity, j < v.Count ? v.Values[j] : double.PositiveInfinity);
            if (!double.IsNaN(previous))
            {
                area += Math.Abs((fu / u.TotalWeight) - (fv / v.TotalWeight)) * (at - previous);
            }

            for (; i < u.Count && u.Values[i] <= at; i++)
            {
                fu += u.Weights[i];
            }

            for (; j < v.Count && v.Values[j] <= at; j++)
            {
                fv += v.Weights[j];
            }

            previous = at;
        }

        return area;
    }

    /// <summary>In standard deviations of the reference.</summary>
    public static double Normalised(double distance, double referenceDeviation) => distance / Math.Max(referenceDeviation, MinimumDeviation);
}
