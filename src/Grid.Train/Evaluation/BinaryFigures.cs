namespace Grid.Train.Evaluation;

/// <summary>Figures of probabilities against labels of 0 and 1; every row counts the same.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="LabelRate">Share of label 1.</param>
/// <param name="MeanPrediction">Mean probability.</param>
/// <param name="Auc">Area under the ROC curve: the chance that a 1 scores above a 0, ties counting half; null where only one label is there.</param>
/// <param name="LogLoss">Mean negative log likelihood, natural logarithm.</param>
/// <param name="Brier">Mean squared difference.</param>
internal sealed record BinaryFigures(int Rows, double LabelRate, double MeanPrediction, double? Auc, double LogLoss, double Brier)
{
    /// <summary>Probabilities are kept this far from 0 and 1, so that one certain miss is not infinitely bad.</summary>
    private const double Floor = 1e-15;

    public static BinaryFigures Of(ReadOnlySpan<double> predictions, ReadOnlySpan<float> labels)
    {
        var scores = predictions.ToArray();
        var truths = labels.ToArray();
        Array.Sort(scores, truths);
        double logLoss = 0, brier = 0, sum = 0, rankSum = 0;
        long positives = 0;
        for (var i = 0; i < scores.Length;)
        {
            // Equal scores share the mean of their ranks (Mann and Whitney, 1947).
            var end = i;
            while (end < scores.Length && scores[end] == scores[i])
            {
                end++;
            }

            var rank = (i + 1 + end) / 2.0;
            for (; i < end; i++)
            {
                var p = Math.Clamp(scores[i], Floor, 1 - Floor);
                logLoss -= truths[i] > 0 ? Math.Log(p) : Math.Log(1 - p);
                brier += (scores[i] - truths[i]) * (scores[i] - truths[i]);
                sum += scores[i];
                if (truths[i] > 0)
                {
                    positives++;
                    rankSum += rank;
                }
            }
        }

        var rows = scores.Length;
        var negatives = rows - positives;
        double? auc = positives == 0 || negatives == 0 ? null : (rankSum - (positives * (positives + 1) / 2.0)) / ((double)positives * negatives);
        return new BinaryFigures(rows, (double)positives / rows, sum / rows, auc, logLoss / rows, brier / rows);
    }
}
