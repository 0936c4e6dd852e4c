using Grid.Monitoring.Performance;

namespace Grid.Monitoring.Rollouts;

/// <summary>
/// What two versions lost on the same predictions: log loss where both scores are probabilities and the label is 0 or 1, squared error otherwise. Immutable;
/// mergeable by addition. In pairs, what made a row easy or hard falls out of the difference, so that a trial is decided on far fewer outcomes.
/// </summary>
/// <param name="Champion">Losses of the live version.</param>
/// <param name="Challenger">Losses of the version on trial.</param>
/// <param name="Difference">The challenger's less the champion's, row by row.</param>
public readonly record struct PairedLoss(LossSum Champion, LossSum Challenger, LossSum Difference)
{
    /// <summary>Outcomes behind it.</summary>
    public long Count => Difference.Count;

    /// <param name="champion">The live version's score.</param>
    /// <param name="challenger">The score of the version on trial, on the same features.</param>
    /// <param name="label">What happened.</param>
    /// <param name="weight">1 to add the row, −1 to take it out.</param>
    public PairedLoss Add(double champion, double challenger, double label, int weight = 1)
    {
        var isBinary = label is 0 or 1 && champion is >= 0 and <= 1 && challenger is >= 0 and <= 1;
        var (before, now) = (Loss(champion), Loss(challenger));
        return new PairedLoss(Champion.Add(before, weight), Challenger.Add(now, weight), Difference.Add(now - before, weight));

        double Loss(double score) => isBinary ? Losses.Log(score, label >= 0.5) : (score - label) * (score - label);
    }

    /// <summary>
    /// How much larger the challenger's mean loss is than the champion's, as shares of that: the estimate, and an interval that holds the truth at all times at once
    /// with probability 1 − α, however often one looks (<see cref="SequentialTest"/>).
    /// </summary>
    /// <param name="margin">The share that matters; the test is sharpest for differences of that size. Above 0.</param>
    /// <param name="alpha">Chance of ever being wrong; in (0, 1).</param>
    /// <returns>Unbounded below two outcomes. NaN as the estimate without any.</returns>
    public (double Excess, double Low, double High) Excess(double margin, double alpha)
    {
        // A champion without any loss is as if it had next to none.
        var scale = Math.Max(Champion.Mean, 1e-12);
        if (Count < 2)
        {
            return (Difference.Mean / scale, double.NegativeInfinity, double.PositiveInfinity);
        }

        var half = SequentialTest.HalfWidth(Math.Max(Difference.VarianceOfMean, double.Epsilon), margin * scale, alpha);
        return (Difference.Mean / scale, (Difference.Mean - half) / scale, (Difference.Mean + half) / scale);
    }
}
