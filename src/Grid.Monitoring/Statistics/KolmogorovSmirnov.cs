namespace Grid.Monitoring.Statistics;

/// <summary>The two-sample test of Kolmogorov and Smirnov, two-sided.</summary>
internal static class KolmogorovSmirnov
{
    /// <summary>Largest n × m for which the exact p is computed: it walks a lattice of that many points.</summary>
    public const long ExactLimit = 4_000_000;

    /// <summary>Largest difference of the two cumulative distributions.</summary>
    public static double Statistic(WeightedSample x, WeightedSample y)
    {
        double largest = 0, fx = 0, fy = 0;
        for (int i = 0, j = 0; i < x.Count || j < y.Count;)
        {
            var at = Math.Min(i < x.Count ? x.Values[i] : double.PositiveInfinity, j < y.Count ? y.Values[j] : double.PositiveInfinity);
            for (; i < x.Count && x.Values[i] <= at; i++)
            {
                fx += x.Weights[i];
            }

            for (; j < y.Count && y.Values[j] <= at; j++)
            {
                fy += y.Weights[j];
            }

            largest = Math.Max(largest, Math.Abs((fx / x.TotalWeight) - (fy / y.TotalWeight)));
        }

        return largest;
    }

    /// <summary>Largest difference at the edges of shared bins: never more than the true one.</summary>
    public static double BinnedStatistic(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        double largest = 0, difference = 0;
        for (var i = 0; i < reference.Length; i++)
        {
            difference += reference[i] - current[i];
            largest = Math.Max(largest, Math.Abs(difference));
        }

        return largest;
    }

    /// <summary>P(D >= d) by counting the lattice paths that stay inside, each step weighted by its probability.</summary>
    public static double ExactP(double d, int n, int m)
    {
        // In units of 1/(n m), D is a whole number; 1e-9 undoes the rounding of the caller's division.
        var limit = (long)Math.Ceiling((d * n * m) - 1e-9);
        var row = new double[m + 1];
        for (var i = 0; i <= n; i++)
        {
            for (var j = 0; j <= m; j++)
            {
                double inside;
                if (Math.Abs(((long)i * m) - ((long)j * n)) >= limit)
                {
                    inside = 0;
                }
                else if (i == 0 && j == 0)
                {
                    inside = 1;
                }
                else
                {
                    // The share of the orderings of i + j values, all equally likely, that end with a value of x (y) and stayed inside.
                    var fromX = i > 0 ? row[j] * i / (i + j) : 0;
                    var fromY = j > 0 ? row[j - 1] * j / (i + j) : 0;
                    inside = fromX + fromY;
                }

                row[j] = inside;
            }
        }

        return Math.Clamp(1 - row[m], 0, 1);
    }

    /// <summary>P(D >= d) for many samples: Kolmogorov's series with Stephens' correction. Sample counts may be effective ones.</summary>
    public static double AsymptoticP(double d, double n, double m)
    {
        var root = Math.Sqrt(n * m / (n + m));
        var t = d * (root + 0.12 + (0.11 / root));
        if (t < 0.2)
        {
            return 1;
        }

        double sum = 0;
        for (var k = 1; k <= 100; k++)
        {
            var term = Math.Exp(-2.0 * k * k * t * t);
            sum += k % 2 == 1 ? term : -term;
            if (term < 1e-18)
            {
                break;
            }
        }

        return Math.Clamp(2 * sum, 0, 1);
    }
}
