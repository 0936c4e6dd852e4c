namespace Grid.Monitoring.Statistics;

/// <summary>Turns bin counts into shares, with a rule for empty bins.</summary>
internal static class Shares
{
    /// <summary>
    /// (c + 0.5) / (n + 0.5 B): half an observation in every bin, on both sides alike. An empty bin then costs what a small sample can prove,
    /// where a fixed tiny share would let one missing observation decide the whole index.
    /// </summary>
    public static double[] Smoothed(ReadOnlySpan<long> counts)
    {
        var shares = new double[counts.Length];
        double total = 0;
        foreach (var c in counts)
        {
            total += c + 0.5;
        }

        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = (counts[i] + 0.5) / total;
        }

        return shares;
    }

    /// <summary>c / n, empty bins at zero. All zero where nothing was counted.</summary>
    public static double[] Plain(ReadOnlySpan<long> counts)
    {
        double total = 0;
        foreach (var c in counts)
        {
            total += c;
        }

        var shares = new double[counts.Length];
        for (var i = 0; i < shares.Length && total > 0; i++)
        {
            shares[i] = counts[i] / total;
        }

        return shares;
    }

    /// <summary>
    /// c / n, an empty bin at 0.0001, or at a millionth of the smallest share where that is 0.0001 or less; not normalised again.
    /// The rule of Evidently, for comparing figures with it.
    /// </summary>
    public static double[] Filled(ReadOnlySpan<long> counts)
    {
        var shares = Plain(counts);
        var smallest = shares.Where(static s => s > 0).DefaultIfEmpty(1).Min();
        var fill = smallest <= 0.0001 ? smallest / 1e6 : 0.0001;
        for (var i = 0; i < shares.Length; i++)
        {
            if (shares[i] == 0)
            {
                shares[i] = fill;
            }
        }

        return shares;
    }
}
