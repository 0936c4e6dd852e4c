using Grid.Monitoring.Baselines;
using Grid.Monitoring.Signals;
using Grid.Monitoring.Sketches;
using Grid.Monitoring.Statistics;

namespace Grid.Monitoring.Windows;

/// <summary>Tests of one column of a window against its reference. Pure.</summary>
internal static class ColumnTest
{
    // A value that repeats for ever still counts once in a hundred thousand rows: keeps (1 - r) away from zero.
    private const double MostAutocorrelation = 0.99999;

    /// <summary>Rows worth of independent ones, for values that repeat from row to row with lag-one correlation r: n (1 − r) / (1 + r).</summary>
    public static double EffectiveSamples(double rows, double autocorrelation)
    {
        var r = Math.Clamp(autocorrelation, 0, MostAutocorrelation);
        return Math.Max(Math.Min(1, rows), rows * (1 - r) / (1 + r));
    }

    /// <summary>Whether the column is distributed as in the reference; P is not corrected yet.</summary>
    /// <param name="autocorrelation">How much the rows repeat themselves; null: as much as the sketch says.</param>
    public static Finding Drift(
        SignalType type, ColumnBaseline reference, ColumnSketch current, DriftMeasure measure, double threshold, MonitorOptions options, DateTimeOffset from, DateTimeOffset to, double? autocorrelation = null)
    {
        var rows = current.Moments.Count;
        var repeats = autocorrelation ?? current.Autocorrelation;
        var m = EffectiveSamples(rows, repeats);
        var n = EffectiveSamples(reference.Count, reference.Autocorrelation ?? repeats);
        var (name, value, p) = rows == 0 || reference.Count == 0 ? (Name(measure), 0, 1) : Measure(reference, current.BinCounts, current.Quantiles?.Items(), measure, n, m);
        var evidence = new SignalEvidence(reference.Name, name, value, null, threshold, p, rows, m, from, to);
        return new Finding(type, evidence, Tested: rows > 0 && Math.Min(n, m) >= options.MinimumEffectiveSamples, Hit: false, Quiet: false);
    }

    /// <summary>The statistic of the rows that are not of one part.</summary>
    public static double DriftWithout(ColumnBaseline reference, ColumnSketch all, ColumnSketch part, double autocorrelation, DriftMeasure measure)
    {
        var rest = all.BinCounts.ToArray();
        for (var i = 0; i < rest.Length; i++)
        {
            rest[i] -= part.BinCounts[i];
        }

        var rows = all.Moments.Count - part.Moments.Count;
        return rows <= 0 || reference.Count == 0
            ? 0
            : Measure(
                reference, rest, null, measure, EffectiveSamples(reference.Count, reference.Autocorrelation ?? autocorrelation), EffectiveSamples(rows, autocorrelation)).Value;
    }

    /// <summary>Whether a type is about a share of the rows.</summary>
    public static bool IsRate(SignalType type) => type is SignalType.MissingValues or SignalType.NotFiniteValues or SignalType.OutOfRange or SignalType.NewCategories;

    /// <summary>The share of the rows that are not of one part.</summary>
    public static double RateWithout(SignalType type, ColumnSketch all, ColumnSketch part) =>
        all.Rows > part.Rows ? (Hits(type, all) - Hits(type, part)) / (double)(all.Rows - part.Rows) : 0;

    /// <summary>Whether the share of the rows that a type is about went up.</summary>
    public static Finding Rate(SignalType type, ColumnBaseline before, ColumnSketch now, MonitorOptions options, DateTimeOffset from, DateTimeOffset to)
    {
        var (statistic, hits) = type switch
        {
            SignalType.MissingValues => ("null_rate", before.Nulls),
            SignalType.NotFiniteValues => ("not_finite_rate", before.NotFinite),
            SignalType.NewCategories => ("new_category_rate", before.Counts[^1]),

            // A range is a statement about training rows: none of them was outside.
            _ => ("out_of_range_rate", 0),
        };
        return Rate(type, now.Name, statistic, hits, before.Count + before.Nulls + before.NotFinite, Hits(type, now), now.Rows, options, from, to);
    }

    private static long Hits(SignalType type, ColumnSketch sketch) => type switch
    {
        SignalType.MissingValues => sketch.Nulls,
        SignalType.NotFiniteValues => sketch.NotFinite,
        SignalType.NewCategories => sketch.NewCategories,
        _ => sketch.OutOfRange,
    };

    /// <summary>Whether a share of the rows went up.</summary>
    private static Finding Rate(
        SignalType type, string column, string statistic, long before, long rowsBefore, long now, long rowsNow, MonitorOptions options, DateTimeOffset from, DateTimeOffset to)
    {
        var test = ProportionTest.Of(before, rowsBefore, now, rowsNow);
        var rise = test.Current - test.Reference;

        // Only a rise is bad; P is two-sided, so half of it.
        var p = rise > 0 ? test.P / 2 : 1;
        var evidence = new SignalEvidence(column, statistic, test.Current, test.Reference, test.Reference + options.RateThreshold, p, rowsNow, rowsNow, from, to);
        return new Finding(type, evidence, Tested: rowsBefore > 0 && rowsNow > 0, Hit: false, Quiet: false);
    }

    private static (string Name, double Value, double P) Measure(ColumnBaseline reference, ReadOnlySpan<long> now, WeightedSample? points, DriftMeasure measure, double n, double m)
    {
        var before = reference.Counts.AsSpan();
        var categories = reference.Bins.Rule == BinRule.Categories;

        // Bins that are empty on both sides are no degrees of freedom.
        var used = 0;
        for (var i = 0; i < now.Length; i++)
        {
            used += now[i] + before[i] > 0 ? 1 : 0;
        }

        if (used < 2)
        {
            return (Name(measure), 0, 1);
        }

        switch (measure)
        {
            case DriftMeasure.JensenShannon:
                var js = Divergence.JensenShannonDistance(Shares.Plain(before), Shares.Plain(now));
                return (Name(measure), js, NullDistribution.JensenShannonDistanceP(js, n, m, used));
            case DriftMeasure.Hellinger:
                var hellinger = Divergence.Hellinger(Shares.Plain(before), Shares.Plain(now));
                return (Name(measure), hellinger, NullDistribution.HellingerP(hellinger, n, m, used));
            case DriftMeasure.KolmogorovSmirnov or DriftMeasure.Wasserstein when !categories:
                // Quantiles on both sides where both have them, otherwise the shared bins.
                var ks = points is not null && !reference.Quantiles.IsEmpty
                    ? KolmogorovSmirnov.Statistic(reference.Points(), points)
                    : KolmogorovSmirnov.BinnedStatistic(Shares.Plain(before), Shares.Plain(now));
                var p = KolmogorovSmirnov.AsymptoticP(ks, n, m);
                return measure == DriftMeasure.KolmogorovSmirnov
                    ? (Name(measure), ks, p)
                    : (Name(measure), Wasserstein.Normalised(Wasserstein.Distance(reference.Points(), points ?? Middles(reference, now)), reference.Deviation), p);
            case DriftMeasure.Psi:
                var psi = Divergence.Psi(Shares.Smoothed(before), Shares.Smoothed(now));
                return (Name(measure), psi, NullDistribution.PsiP(psi, n, m, used));
            default:
                var test = ChiSquareTest.Of(Scaled(before, n), Scaled(now, m));
                return (Name(DriftMeasure.CramersV), test.CramersV, test.P);
        }
    }

    private static WeightedSample Middles(ColumnBaseline reference, ReadOnlySpan<long> counts) =>
        (reference with { Counts = [.. counts], Quantiles = [] }).Points();

    private static double[] Scaled(ReadOnlySpan<long> counts, double samples)
    {
        var scaled = Shares.Plain(counts);
        for (var i = 0; i < scaled.Length; i++)
        {
            scaled[i] *= samples;
        }

        return scaled;
    }

    private static string Name(DriftMeasure measure) => measure switch
    {
        DriftMeasure.Psi => "psi",
        DriftMeasure.JensenShannon => "jensen_shannon",
        DriftMeasure.Hellinger => "hellinger",
        DriftMeasure.KolmogorovSmirnov => "ks",
        DriftMeasure.Wasserstein => "wasserstein",
        _ => "cramers_v",
    };
}
