namespace Grid.Grains.Rollouts;

/// <summary>
/// Is a rate over its limit? A test that may be asked after every observation without raising more false alarms: the mean of likelihood ratios against
/// a few larger rates is a supermartingale while the true rate is within the limit, and by Ville's inequality it passes 1/α with a probability of at most α. Pure.
/// </summary>
internal static class SequentialRate
{
    /// <summary>False alarms in a whole trial, however often it is looked at.</summary>
    public const double Alpha = 0.001;

    /// <summary>A limit of zero is one event in a million: likelihoods need something to divide by.</summary>
    private const double SmallestRate = 1e-6;

    /// <summary>Alternatives, as multiples of the limit: small excesses need many observations, gross ones only a few.</summary>
    private static readonly double[] s_factors = [1.25, 2, 5, 20, 100];

    /// <param name="events">How many of the observations were events.</param>
    /// <param name="observations">Observations.</param>
    /// <param name="limit">The rate that is allowed, 0 to 1.</param>
    public static bool IsOver(long events, long observations, double limit)
    {
        if (events == 0 || limit >= 1)
        {
            return false;
        }

        var p0 = Math.Max(limit, SmallestRate);
        var sum = 0.0;
        foreach (var factor in s_factors)
        {
            // Halfway to certainty where the multiple would pass it.
            var p1 = Math.Min(p0 * factor, (1 + p0) / 2);
            var logRatio = (events * Math.Log(p1 / p0)) + ((observations - events) * Math.Log((1 - p1) / (1 - p0)));
            sum += Math.Exp(Math.Min(logRatio, 700));
        }

        return sum / s_factors.Length >= 1 / Alpha;
    }
}
