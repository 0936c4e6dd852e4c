namespace Grid.Monitoring.Statistics;

/// <summary>The pooled two-proportion z test.</summary>
/// <param name="Reference">Share in the reference.</param>
/// <param name="Current">Share in the current window.</param>
/// <param name="Z">Positive where the current share is the larger.</param>
/// <param name="P">Two-sided.</param>
internal readonly record struct ProportionTest(double Reference, double Current, double Z, double P)
{
    /// <param name="k0">Hits among <paramref name="n0"/> of the reference.</param>
    /// <param name="k1">Hits among <paramref name="n1"/> of the current window.</param>
    public static ProportionTest Of(double k0, double n0, double k1, double n1)
    {
        if (n0 <= 0 || n1 <= 0)
        {
            return new ProportionTest(0, 0, 0, 1);
        }

        double p0 = k0 / n0, p1 = k1 / n1, pooled = (k0 + k1) / (n0 + n1);
        var error = Math.Sqrt(pooled * (1 - pooled) * ((1 / n0) + (1 / n1)));
        var z = error > 0 ? (p1 - p0) / error : 0;
        return new ProportionTest(p0, p1, z, Math.Min(1, 2 * SpecialFunctions.NormalSurvival(Math.Abs(z))));
    }

    /// <summary>Wilson's interval for k hits of n.</summary>
    public static (double Low, double High) Wilson(double k, double n, double z)
    {
        double p = k / n, z2 = z * z, middle = (p + (z2 / (2 * n))) / (1 + (z2 / n));
        var half = z / (1 + (z2 / n)) * Math.Sqrt((p * (1 - p) / n) + (z2 / (4 * n * n)));
        return (middle - half, middle + half);
    }
}
