namespace Grid.Bench.Measuring;

/// <summary>Order statistics of samples.</summary>
internal static class Statistics
{
    public static double Median(IEnumerable<double> samples) => Quantile([.. samples], 0.5);

    /// <summary>The value at or below which the given share of the samples lies (nearest rank); NaN of none.</summary>
    public static double Quantile(double[] samples, double share)
    {
        if (samples.Length == 0)
        {
            return double.NaN;
        }

        Array.Sort(samples);
        return samples[Math.Clamp((int)Math.Ceiling(share * samples.Length) - 1, 0, samples.Length - 1)];
    }
}
