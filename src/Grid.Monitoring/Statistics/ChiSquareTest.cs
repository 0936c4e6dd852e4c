namespace Grid.Monitoring.Statistics;

/// <summary>Pearson's test on a table of two rows, with Cramér's V as its effect.</summary>
/// <param name="Statistic">Pearson's χ².</param>
/// <param name="Degrees">Columns that hold anything, less one.</param>
/// <param name="P">P(χ² at least this) if both rows come from one distribution.</param>
/// <param name="CramersV">√(χ² / N): 0 to 1, whatever the sample size.</param>
internal readonly record struct ChiSquareTest(double Statistic, int Degrees, double P, double CramersV)
{
    /// <param name="reference">Counts, or effective counts.</param>
    /// <param name="current">Counts of the same columns.</param>
    public static ChiSquareTest Of(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        double n = 0, m = 0;
        for (var i = 0; i < reference.Length; i++)
        {
            n += reference[i];
            m += current[i];
        }

        var columns = 0;
        double statistic = 0;
        for (var i = 0; i < reference.Length && n > 0 && m > 0; i++)
        {
            var column = reference[i] + current[i];
            if (column <= 0)
            {
                continue;
            }

            columns++;
            double expectedN = column * n / (n + m), expectedM = column * m / (n + m);
            statistic += ((reference[i] - expectedN) * (reference[i] - expectedN) / expectedN) + ((current[i] - expectedM) * (current[i] - expectedM) / expectedM);
        }

        var degrees = Math.Max(0, columns - 1);
        return new ChiSquareTest(
            statistic, degrees, degrees == 0 ? 1 : SpecialFunctions.ChiSquareSurvival(statistic, degrees), n + m > 0 ? Math.Sqrt(statistic / (n + m)) : 0);
    }
}
