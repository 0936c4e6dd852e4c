using System.Collections.Immutable;
using Grid.Monitoring.Baselines;
using Grid.Monitoring.Performance;
using Grid.Monitoring.Signals;
using Grid.Monitoring.Sketches;
using Grid.Monitoring.Statistics;

namespace Grid.Monitoring.Windows;

/// <summary>All tests of one window's sketches. Pure: the same sketches give the same findings.</summary>
public static class DriftTests
{
    /// <summary>Tests every column: effect and significance, corrected for the number of tests of each kind.</summary>
    /// <param name="reference">The baseline, or an earlier window in its form.</param>
    /// <param name="current">Sketches of the window, under the reference's layout.</param>
    /// <param name="options">Thresholds.</param>
    /// <param name="from">Start of the window.</param>
    /// <param name="to">End of the window.</param>
    public static ImmutableArray<Finding> Evaluate(Baseline reference, SketchSet current, MonitorOptions options, DateTimeOffset from, DateTimeOffset to)
    {
        List<Finding> features = [], outputs = [], rates = [];
        for (var i = 0; i < current.Columns.Count; i++)
        {
            var isOutput = i >= reference.Features.Length;
            var before = isOutput ? reference.Outputs[i - reference.Features.Length] : reference.Features[i];
            var now = current.Columns[i];
            (isOutput ? outputs : features).Add(ColumnTest.Drift(
                isOutput ? SignalType.PredictionDrift : SignalType.FeatureDrift, before, now, options.Measure, isOutput ? options.Output : options.Feature, options, from, to));
            AddRates(rates, before, now, options, from, to);
        }

        return [.. Judge(features, options), .. Judge(outputs, options), .. Judge(rates, options)];
    }

    /// <summary>
    /// What performance the window's scores let expect, against what those of the baseline do; nothing for a model that is not binary.
    /// The standard error takes each row for as much of a positive as its score says.
    /// </summary>
    internal static Finding? Estimated(Baseline baseline, SketchSet current, MonitorOptions options, DateTimeOffset from, DateTimeOffset to)
    {
        if (baseline.LabelRate is null || baseline.Outputs.IsEmpty || baseline.Outputs[0] is not { Minimum: >= 0, Maximum: <= 1 } output)
        {
            return null;
        }

        var sketch = current.Columns[baseline.Features.Length];
        if (sketch.Quantiles is not { Minimum: >= 0, Maximum: <= 1 } quantiles)
        {
            return null;
        }

        var (before, beforeRate) = Estimate(output.Points(), baseline.Calibration);
        var (now, rate) = Estimate(quantiles.Items(), baseline.Calibration);
        if (double.IsNaN(before) || double.IsNaN(now))
        {
            return null;
        }

        double n = baseline.Rows, m = sketch.Moments.Count;
        var error = Math.Sqrt(
            Math.Pow(AreaUnderCurve.StandardError(before, n * beforeRate, n * (1 - beforeRate)), 2) + Math.Pow(AreaUnderCurve.StandardError(now, m * rate, m * (1 - rate)), 2));
        var p = error > 0 ? SpecialFunctions.NormalSurvival((before - now) / error) : 1;
        var evidence = new SignalEvidence(output.Name, "estimated_auc", now, before, before - options.AucThreshold, p, (long)m, m, from, to);
        return new Finding(
            SignalType.EstimatedPerformance, evidence, Tested: true, Hit: before - now >= options.AucThreshold && p <= options.FalseDiscoveryRate,
            Quiet: before - now < options.ClearRatio * options.AucThreshold);
    }

    /// <summary>Corrects the P values of one family and decides each test.</summary>
    /// <returns>Those that were tested, in their order, then the others.</returns>
    internal static IEnumerable<Finding> Judge(IReadOnlyCollection<Finding> family, MonitorOptions options)
    {
        var tested = family.Where(static f => f.Tested).ToArray();
        var adjusted = BenjaminiHochberg.Adjust([.. tested.Select(static f => f.Evidence.P!.Value)]);
        return tested
            .Select((f, i) =>
            {
                var evidence = f.Evidence with { P = adjusted[i] };
                var significant = adjusted[i] <= options.FalseDiscoveryRate;
                var effect = evidence.Value - (evidence.Reference ?? 0);
                var threshold = evidence.Threshold - (evidence.Reference ?? 0);
                return f with { Evidence = evidence, Hit = significant && effect >= threshold, Quiet = !significant || effect < options.ClearRatio * threshold };
            })
            .Concat(family.Where(static f => !f.Tested));
    }

    private static void AddRates(List<Finding> rates, ColumnBaseline before, ColumnSketch now, MonitorOptions options, DateTimeOffset from, DateTimeOffset to)
    {
        rates.Add(ColumnTest.Rate(SignalType.MissingValues, before, now, options, from, to));
        rates.Add(ColumnTest.Rate(SignalType.NotFiniteValues, before, now, options, from, to));
        if (before.Bins.Rule == BinRule.Categories)
        {
            rates.Add(ColumnTest.Rate(SignalType.NewCategories, before, now, options, from, to));
        }
        else if (double.IsFinite(before.Minimum) || double.IsFinite(before.Maximum))
        {
            rates.Add(ColumnTest.Rate(SignalType.OutOfRange, before, now, options, from, to));
        }
    }

    private static (double Auc, double Rate) Estimate(WeightedSample scores, IsotonicCalibration? calibration)
    {
        double[] calibrated = [.. scores.Values.Select(s => Math.Clamp(calibration?.Map(s) ?? s, 0, 1))];
        var rate = calibrated.Zip(scores.Weights, static (c, w) => c * w).Sum() / scores.TotalWeight;
        return (EstimatedPerformance.Of(scores.Values, calibrated, scores.Weights).Auc, rate);
    }
}
