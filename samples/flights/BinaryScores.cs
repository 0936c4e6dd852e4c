namespace Grid.Samples.Flights;

/// <summary>Figures of a binary model over labelled scores.</summary>
/// <param name="Rows">Labelled scores.</param>
/// <param name="LateRate">Share of positives.</param>
/// <param name="Auc">Area under the ROC curve: the chance that a positive scores above a negative, ties counting half.</param>
/// <param name="LogLoss">Mean negative log likelihood, natural logarithm.</param>
/// <param name="MeanP">Mean probability.</param>
public sealed record BinaryScores(int Rows, double LateRate, double Auc, double LogLoss, double MeanP)
{
    /// <summary>Probabilities are kept this far from 0 and 1, so that one certain miss is not infinitely bad.</summary>
    private const double Floor = 1e-15;

    public static BinaryScores Of(IEnumerable<(float Probability, bool Late)> scores)
    {
        var rows = scores.ToArray();
        Array.Sort(rows, static (a, b) => a.Probability.CompareTo(b.Probability));
        double logLoss = 0;
        double sum = 0;
        double rankSum = 0;
        long positives = 0;
        for (var i = 0; i < rows.Length;)
        {
            // Equal scores share the mean of their ranks (Mann-Whitney).
            var end = i;
            while (end < rows.Length && rows[end].Probability == rows[i].Probability)
            {
                end++;
            }

            var rank = (i + 1 + end) / 2.0;
            for (; i < end; i++)
            {
                var p = Math.Clamp(rows[i].Probability, Floor, 1 - Floor);
                logLoss -= rows[i].Late ? Math.Log(p) : Math.Log(1 - p);
                sum += rows[i].Probability;
                if (rows[i].Late)
                {
                    positives++;
                    rankSum += rank;
                }
            }
        }

        var negatives = rows.Length - positives;
        var auc = positives == 0 || negatives == 0 ? double.NaN : (rankSum - (positives * (positives + 1) / 2.0)) / ((double)positives * negatives);
        return new BinaryScores(rows.Length, (double)positives / rows.Length, auc, logLoss / rows.Length, sum / rows.Length);
    }
}
