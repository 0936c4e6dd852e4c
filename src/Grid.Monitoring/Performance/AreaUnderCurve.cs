namespace Grid.Monitoring.Performance;

/// <summary>Area under the receiver operating characteristic: the chance that a positive scores above a negative, ties counting half.</summary>
internal static class AreaUnderCurve
{
    /// <summary>From counts in bins of rising score: two silos' areas merge by adding their counts. NaN without a positive or a negative.</summary>
    public static double FromCounts(ReadOnlySpan<double> positives, ReadOnlySpan<double> negatives)
    {
        double below = 0, wins = 0, totalPositives = 0;
        for (var i = 0; i < positives.Length; i++)
        {
            wins += positives[i] * (below + (0.5 * negatives[i]));
            below += negatives[i];
            totalPositives += positives[i];
        }

        return totalPositives > 0 && below > 0 ? wins / (totalPositives * below) : double.NaN;
    }

    /// <summary>Exact, from the scores themselves.</summary>
    public static double FromScores(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        var sorted = scores.ToArray();
        var y = labels.ToArray();
        Array.Sort(sorted, y);
        List<double> positives = [], negatives = [];
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1])
            {
                positives.Add(0);
                negatives.Add(0);
            }

            (y[i] ? positives : negatives)[^1]++;
        }

        return FromCounts(positives.ToArray(), negatives.ToArray());
    }

    /// <summary>Standard error by Hanley and McNeil (1982).</summary>
    public static double StandardError(double area, double positives, double negatives)
    {
        double q1 = area / (2 - area), q2 = 2 * area * area / (1 + area);
        var variance = ((area * (1 - area)) + ((positives - 1) * (q1 - (area * area))) + ((negatives - 1) * (q2 - (area * area)))) / (positives * negatives);
        return Math.Sqrt(Math.Max(0, variance));
    }
}
