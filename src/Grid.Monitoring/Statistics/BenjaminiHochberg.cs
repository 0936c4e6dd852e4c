namespace Grid.Monitoring.Statistics;

/// <summary>Keeps the expected share of false alarms among the alarms of one family of tests below q (step-up procedure of Benjamini and Hochberg).</summary>
internal static class BenjaminiHochberg
{
    /// <summary>Adjusted p values in the order given; a test is significant at q where its adjusted p is at most q.</summary>
    public static double[] Adjust(ReadOnlySpan<double> p)
    {
        var order = new int[p.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(p.ToArray(), order);
        var adjusted = new double[p.Length];
        double least = 1;
        for (var rank = p.Length; rank >= 1; rank--)
        {
            var i = order[rank - 1];
            least = Math.Min(least, p[i] * p.Length / rank);
            adjusted[i] = least;
        }

        return adjusted;
    }
}
