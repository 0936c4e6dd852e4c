namespace Grid.Monitoring.Statistics;

/// <summary>
/// What the measures reach by chance alone when both sides are samples of one distribution. With n and m independent samples in B bins,
/// PSI is distributed as (1/n + 1/m) χ²(B − 1), and the Jensen-Shannon divergence (nats) and the squared Hellinger distance as an eighth of that.
/// </summary>
internal static class NullDistribution
{
    public static double PsiP(double psi, double n, double m, int bins) => SpecialFunctions.ChiSquareSurvival(psi / ((1 / n) + (1 / m)), bins - 1);

    public static double PsiQuantile(double p, double n, double m, int bins) => ((1 / n) + (1 / m)) * SpecialFunctions.ChiSquareUpperQuantile(p, bins - 1);

    public static double JensenShannonDistanceP(double distance, double n, double m, int bins) => PsiP(8 * distance * distance * Math.Log(2), n, m, bins);

    public static double JensenShannonDistanceQuantile(double p, double n, double m, int bins) => Math.Sqrt(PsiQuantile(p, n, m, bins) / 8 / Math.Log(2));

    public static double HellingerP(double distance, double n, double m, int bins) => PsiP(8 * distance * distance, n, m, bins);

    public static double HellingerQuantile(double p, double n, double m, int bins) => Math.Sqrt(PsiQuantile(p, n, m, bins) / 8);

    /// <summary>The first term of Kolmogorov's series, turned round.</summary>
    public static double KolmogorovSmirnovQuantile(double p, double n, double m) => Math.Sqrt(-Math.Log(p / 2) / 2 * ((1 / n) + (1 / m)));
}
