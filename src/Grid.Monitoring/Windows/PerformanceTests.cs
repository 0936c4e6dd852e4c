using Grid.Monitoring.Baselines;
using Grid.Monitoring.Performance;
using Grid.Monitoring.Signals;
using Grid.Monitoring.Statistics;

namespace Grid.Monitoring.Windows;

/// <summary>Tests of the outcomes of one window against how the version did before. Pure.</summary>
internal static class PerformanceTests
{
    public static IEnumerable<Finding> Binary(PerformanceReference reference, BinaryPerformance now, MonitorOptions options, DateTimeOffset from, DateTimeOffset to)
    {
        if (reference.Auc is { } auc && !double.IsNaN(now.Auc))
        {
            // The reference's own error is taken as that of as many rows at the window's rate of positives.
            double rate = now.Positives / (double)now.Count, rows = Math.Max(1, reference.Rows);
            var error = Math.Sqrt(Math.Pow(now.AucStandardError, 2) + Math.Pow(AreaUnderCurve.StandardError(auc, Math.Max(1, rows * rate), Math.Max(1, rows * (1 - rate))), 2));
            yield return Finding("auc", now.Auc, auc, auc - options.AucThreshold, Tail((auc - now.Auc) / error), now.Count, auc - now.Auc, options.AucThreshold);
        }

        if (reference.LogLoss is { } loss)
        {
            yield return Loss("log_loss", now.LogLossSum, loss);
        }

        if (reference.CalibrationError is { } before)
        {
            // Hosmer and Lemeshow on the calibration table: is the distance of score and rate more than chance?
            var table = now.Calibration().Where(static b => b.Count > 0 && b.MeanScore is > 0 and < 1).ToArray();
            var statistic = table.Sum(static b => b.Count * (b.Rate - b.MeanScore) * (b.Rate - b.MeanScore) / (b.MeanScore * (1 - b.MeanScore)));
            var p = table.Length > 0 ? SpecialFunctions.ChiSquareSurvival(statistic, table.Length) : 1;
            yield return Finding("calibration_error", now.CalibrationError, before, before + options.CalibrationThreshold, p, now.Count, now.CalibrationError - before, options.CalibrationThreshold);
        }

        Finding Loss(string statistic, LossSum sum, double mean) => Rise(statistic, sum, mean, mean, sum.Mean, options, from, to);

        Finding Finding(string statistic, double value, double referenceValue, double threshold, double p, long rows, double effect, double least) =>
            Of(statistic, value, referenceValue, threshold, p, rows, effect, least, options, from, to);
    }

    public static IEnumerable<Finding> Regression(PerformanceReference reference, RegressionPerformance now, MonitorOptions options, DateTimeOffset from, DateTimeOffset to)
    {
        if (reference.Rmse is { } rmse)
        {
            // Significance on the mean square, which has a variance; the effect on its root, which has the unit.
            yield return Rise("rmse", now.SquaredErrors, rmse * rmse, rmse, now.Rmse, options, from, to);
        }

        if (reference.Mae is { } mae)
        {
            yield return Rise("mae", now.AbsoluteErrors, mae, mae, now.Mae, options, from, to);
        }
    }

    /// <summary>Whether the mean of a loss went up.</summary>
    internal static Finding Rise(string statistic, LossSum sum, double meanBefore, double before, double now, MonitorOptions options, DateTimeOffset from, DateTimeOffset to)
    {
        var p = sum.VarianceOfMean > 0 ? Tail((sum.Mean - meanBefore) / Math.Sqrt(sum.VarianceOfMean)) : 1;
        return Of(statistic, now, before, before * (1 + options.LossThreshold), p, sum.Count, now - before, before * options.LossThreshold, options, from, to);
    }

    private static Finding Of(
        string statistic, double value, double reference, double threshold, double p, long rows, double effect, double least, MonitorOptions options, DateTimeOffset from, DateTimeOffset to)
    {
        var evidence = new SignalEvidence(null, statistic, value, reference, threshold, p, rows, rows, from, to);
        var significant = p <= options.FalseDiscoveryRate;
        return new Finding(SignalType.Performance, evidence, Tested: true, Hit: significant && effect >= least, Quiet: !significant || effect < options.ClearRatio * least);
    }

    private static double Tail(double z) => double.IsFinite(z) ? SpecialFunctions.NormalSurvival(z) : 1;
}
