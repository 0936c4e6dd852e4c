namespace Grid.Monitoring.Statistics;

/// <summary>How far two discrete distributions over the same bins are from each other. Natural logarithms unless said otherwise.</summary>
internal static class Divergence
{
    /// <summary>Population stability index: Σ (r − c) ln(r / c). Infinite where only one side has an empty bin.</summary>
    public static double Psi(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        double sum = 0;
        for (var i = 0; i < reference.Length; i++)
        {
            if (reference[i] != current[i])
            {
                sum += (reference[i] - current[i]) * Math.Log(reference[i] / current[i]);
            }
        }

        return sum;
    }

    /// <summary>Jensen-Shannon divergence in nats, 0 to ln 2. Both sides are normalised first.</summary>
    public static double JensenShannon(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        double sumP = Sum(p), sumQ = Sum(q), divergence = 0;
        for (var i = 0; i < p.Length; i++)
        {
            double a = p[i] / sumP, b = q[i] / sumQ, middle = (a + b) / 2;
            divergence += Term(a, middle) + Term(b, middle);
        }

        return Math.Max(0, divergence / 2);

        static double Term(double x, double middle) => x > 0 ? x * Math.Log(x / middle) : 0;
    }

    /// <summary>Square root of the divergence in bits: 0 to 1.</summary>
    public static double JensenShannonDistance(ReadOnlySpan<double> p, ReadOnlySpan<double> q) => Math.Sqrt(JensenShannon(p, q) / Math.Log(2));

    /// <summary>√(½ Σ (√p − √q)²): 0 to 1.</summary>
    public static double Hellinger(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        double sum = 0;
        for (var i = 0; i < p.Length; i++)
        {
            var d = Math.Sqrt(p[i]) - Math.Sqrt(q[i]);
            sum += d * d;
        }

        return Math.Sqrt(sum / 2);
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (var v in values)
        {
            sum += v;
        }

        return sum;
    }
}
