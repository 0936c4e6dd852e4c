namespace Grid.Monitoring.Rollouts;

/// <summary>
/// The mixture sequential probability ratio test with a normal mixture (Robbins, 1970; for tests in production Johari et al., 2017), as a confidence
/// sequence: an interval that holds the truth at all times at once with probability 1 − α, however often one looks.
/// </summary>
internal static class SequentialTest
{
    /// <summary>Half width of the interval about an estimate whose variance is v: √(v (v + τ²) / τ² · (2 ln(1/α) + ln((v + τ²) / v))).</summary>
    /// <param name="variance">Of the estimate, that is σ²/n. Above 0.</param>
    /// <param name="scale">τ: the size of difference that the test is sharpest for. Above 0.</param>
    /// <param name="alpha">Chance of ever being wrong.</param>
    public static double HalfWidth(double variance, double scale, double alpha)
    {
        var mixed = variance + (scale * scale);
        return Math.Sqrt(variance * mixed / (scale * scale) * ((2 * Math.Log(1 / alpha)) + Math.Log(mixed / variance)));
    }
}
