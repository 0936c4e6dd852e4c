namespace Grid.Monitoring.Performance;

/// <summary>
/// Confidence-based performance estimation of a binary model without labels: if the calibrated score is the chance of a positive, each row is that much
/// of a positive and the rest of a negative. Right as long as the calibration still holds: it sees a harder mix of rows, not a changed world.
/// </summary>
/// <param name="Auc">Expected area under the curve; NaN where all rows are certain to be of one class.</param>
/// <param name="Accuracy">Expected share of right decisions.</param>
/// <param name="F1">Expected F1 of the positive class; NaN where nothing is or would be positive.</param>
public readonly record struct EstimatedPerformance(double Auc, double Accuracy, double F1)
{
    /// <param name="rawScores">What rows are ranked by.</param>
    /// <param name="calibrated">Chance of a positive, one a score.</param>
    /// <param name="weights">Rows behind each; null for one each.</param>
    /// <param name="threshold">Calibrated scores from here on are decided as positive.</param>
    public static EstimatedPerformance Of(IReadOnlyList<double> rawScores, IReadOnlyList<double> calibrated, IReadOnlyList<double>? weights = null, double threshold = 0.5)
    {
        var order = Enumerable.Range(0, rawScores.Count).OrderBy(i => rawScores[i]).ToArray();
        List<double> positives = [], negatives = [];
        double truePositives = 0, falsePositives = 0, falseNegatives = 0, trueNegatives = 0;
        for (var k = 0; k < order.Length; k++)
        {
            var i = order[k];
            if (k == 0 || rawScores[i] != rawScores[order[k - 1]])
            {
                positives.Add(0);
                negatives.Add(0);
            }

            double weight = weights?[i] ?? 1, positive = weight * calibrated[i], negative = weight - positive;
            positives[^1] += positive;
            negatives[^1] += negative;
            if (calibrated[i] >= threshold)
            {
                truePositives += positive;
                falsePositives += negative;
            }
            else
            {
                falseNegatives += positive;
                trueNegatives += negative;
            }
        }

        var all = truePositives + falsePositives + falseNegatives + trueNegatives;
        return new EstimatedPerformance(
            AreaUnderCurve.FromCounts(positives.ToArray(), negatives.ToArray()),
            (truePositives + trueNegatives) / all,
            2 * truePositives / ((2 * truePositives) + falsePositives + falseNegatives));
    }
}
