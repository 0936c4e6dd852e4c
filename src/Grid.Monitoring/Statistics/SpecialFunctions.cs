namespace Grid.Monitoring.Statistics;

/// <summary>Tails and quantiles of the normal and the chi-square distribution, to about 1e-13 relative.</summary>
internal static class SpecialFunctions
{
    /// <summary>P(N(0,1) > z).</summary>
    public static double NormalSurvival(double z)
    {
        // erfc(x) = Q(1/2, x²) for x >= 0, which keeps its relative precision far out in the tail.
        var tail = 0.5 * GammaQ(0.5, z * z / 2);
        return z >= 0 ? tail : 1 - tail;
    }

    /// <summary>z with P(N(0,1) > z) = p.</summary>
    /// <param name="p">In (0, 1).</param>
    public static double NormalUpperQuantile(double p) =>
        p > 0.5 ? -NormalUpperQuantile(1 - p) : Math.Sqrt(ChiSquareUpperQuantile(2 * p, 1));

    /// <summary>P(X > x) for a chi-square variable.</summary>
    public static double ChiSquareSurvival(double x, double degrees) => x <= 0 ? 1 : GammaQ(degrees / 2, x / 2);

    /// <summary>x with P(X > x) = p for a chi-square variable.</summary>
    /// <param name="p">In (0, 1].</param>
    public static double ChiSquareUpperQuantile(double p, double degrees)
    {
        if (p >= 1)
        {
            return 0;
        }

        // Bisection: monotone, no starting value to get wrong; 200 halvings end at neighbouring doubles.
        double low = 0, high = Math.Max(1, degrees);
        while (ChiSquareSurvival(high, degrees) > p)
        {
            high *= 2;
        }

        for (var i = 0; i < 200; i++)
        {
            var middle = (low + high) / 2;
            if (middle == low || middle == high)
            {
                break;
            }

            if (ChiSquareSurvival(middle, degrees) > p)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return (low + high) / 2;
    }

    /// <summary>The regularised upper incomplete gamma function: the series below a + 1, Lentz's continued fraction above.</summary>
    public static double GammaQ(double a, double x)
    {
        if (x <= 0)
        {
            return 1;
        }

        if (double.IsPositiveInfinity(x))
        {
            return 0;
        }

        var scale = Math.Exp((a * Math.Log(x)) - x - LogGamma(a));
        if (x < a + 1)
        {
            double term = 1 / a, sum = term;
            for (var n = 1; n < 10_000 && Math.Abs(term) > Math.Abs(sum) * 1e-17; n++)
            {
                term *= x / (a + n);
                sum += term;
            }

            return 1 - (sum * scale);
        }

        const double Tiny = 1e-300;
        var b = x + 1 - a;
        double c = 1 / Tiny, d = 1 / b, h = d;
        for (var i = 1; i < 10_000; i++)
        {
            var an = -i * (i - a);
            b += 2;
            d = 1 / NotZero((an * d) + b);
            c = NotZero(b + (an / c));
            var step = d * c;
            h *= step;
            if (Math.Abs(step - 1) < 1e-16)
            {
                break;
            }
        }

        return h * scale;

        static double NotZero(double v) => Math.Abs(v) < Tiny ? Tiny : v;
    }

    /// <summary>ln Γ(x) for x > 0: Stirling's series after shifting x above 15, where its next term is below 1e-16.</summary>
    public static double LogGamma(double x)
    {
        double shift = 0;
        while (x < 15)
        {
            shift += Math.Log(x);
            x++;
        }

        var r = 1 / (x * x);
        var series = ((1.0 / 12) - (r * ((1.0 / 360) - (r * ((1.0 / 1260) - (r * ((1.0 / 1680) - (r * ((1.0 / 1188) - (r * 691.0 / 360360)))))))))) / x;
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + series - shift;
    }
}
