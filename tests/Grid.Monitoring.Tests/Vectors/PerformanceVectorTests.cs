using Grid.Monitoring.Performance;

namespace Grid.Monitoring.Tests.Vectors;

public sealed class PerformanceVectorTests
{
    private const double Tolerance = 1e-9;

    [Fact]
    public void BinaryMeasures_AreThoseOfTheReference()
    {
        var (input, expected) = DriftVectors.Get("perf.binary");
        double[] scores = input.Numbers("y_score");
        bool[] labels = [.. input.Numbers("y_true").Select(static y => y > 0.5)];
        var performance = new BinaryPerformance();
        for (var i = 0; i < scores.Length; i++)
        {
            performance.Add(scores[i], labels[i]);
        }

        Assert.Equal(expected.Number("roc_auc"), AreaUnderCurve.FromScores(scores, labels), Tolerance);
        Assert.Equal(expected.Number("roc_auc"), performance.Auc, Tolerance);
        Assert.Equal(expected.Number("log_loss"), performance.LogLoss, Tolerance);
        Assert.Equal(expected.Number("brier"), performance.Brier, Tolerance);
    }

    [Fact]
    public void RegressionMeasures_AreThoseOfTheReference()
    {
        var (input, expected) = DriftVectors.Get("perf.regression");
        double[] truth = input.Numbers("y_true"), predicted = input.Numbers("y_pred");
        var performance = new RegressionPerformance();
        for (var i = 0; i < truth.Length; i++)
        {
            performance.Add(predicted[i], truth[i]);
        }

        Assert.Equal(expected.Number("rmse"), performance.Rmse, Tolerance);
        Assert.Equal(expected.Number("mae"), performance.Mae, Tolerance);
        Assert.Equal(predicted.Average() - truth.Average(), performance.Bias, Tolerance);
    }

    [Fact]
    public void Auc_OfCounts()
    {
        var (input, expected) = DriftVectors.Get("perf.auc_from_histogram");
        Assert.Equal(expected.GetDouble(), AreaUnderCurve.FromCounts(input.Numbers("pos_counts"), input.Numbers("neg_counts")), Tolerance);
    }

    [Fact]
    public void PerformanceWithoutLabels_IsEstimated()
    {
        var (input, expected) = DriftVectors.Get("cbpe.binary");
        var estimate = EstimatedPerformance.Of(input.Numbers("raw_scores"), input.Numbers("calibrated"));
        Assert.Equal(expected.Number("roc_auc"), estimate.Auc, Tolerance);
        Assert.Equal(expected.Number("f1"), estimate.F1, Tolerance);
        Assert.Equal(expected.Number("accuracy"), estimate.Accuracy, Tolerance);
    }

    [Fact]
    public void Calibration_IsIsotonic()
    {
        var (input, expected) = DriftVectors.Get("cbpe.isotonic");
        var fit = IsotonicCalibration.Fit(input.Numbers("score"), input.Numbers("y"));
        Assert.Equal(expected.Numbers("fitted"), input.Numbers("score").Select(fit.Map), static (a, b) => Math.Abs(a - b) < Tolerance);
        Assert.Equal(expected.Numbers("query"), input.Numbers("query").Select(fit.Map), static (a, b) => Math.Abs(a - b) < Tolerance);
    }
}
