using Grid.Monitoring.Baselines;
using Grid.Monitoring.Performance;
using Grid.Monitoring.Signals;
using Grid.Monitoring.Sketches;

namespace Grid.Monitoring.Windows;

/// <summary>Tests of single tenants, for a model that raised: who carries it. Pure.</summary>
internal static class TenantTests
{
    /// <summary>Tenants that a signal names.</summary>
    public const int MaximumNamed = 5;

    /// <summary>
    /// Tenants whose rows alone show the effect, with enough effective samples and significance after correction for the number of tenants: first those without whom
    /// the model would show least of it. A tenant that was always unlike the others shows an effect too, and comes last, for the others are no better off without it.
    /// </summary>
    /// <param name="finding">What the model as a whole shows.</param>
    /// <param name="reference">The reference of its column.</param>
    /// <param name="tenants">The column, tenant by tenant.</param>
    /// <param name="autocorrelation">How much the column repeats itself within tenants, for those of which too few pairs of rows are known.</param>
    /// <param name="options">Thresholds.</param>
    public static IReadOnlyList<SignalTenant> Of(Finding finding, ColumnBaseline reference, TenantSketch tenants, double autocorrelation, MonitorOptions options)
    {
        var tested = tenants.Tenants
            .Select(t => (t.Tenant, t.Sketch, Finding: Test(finding, reference, t.Sketch, autocorrelation, options)))
            .Where(static t => t.Finding.Tested)
            .ToArray();
        var judged = DriftTests.Judge([.. tested.Select(static t => t.Finding)], options);
        return
        [
            .. tested.Zip(judged, (t, f) => (t.Tenant, t.Sketch, Finding: f))
                .Where(static t => t.Finding.Hit)
                .Select(t => Named(t.Tenant, t.Sketch, t.Finding.Evidence))
                .OrderBy(static t => t.Without)
                .ThenBy(static t => t.Tenant, StringComparer.Ordinal)
                .Take(MaximumNamed),
        ];

        SignalTenant Named(string tenant, ColumnSketch own, SignalEvidence evidence) => new(
            tenant,
            evidence.Statistic,
            evidence.Value,
            evidence.P!.Value,
            evidence.Samples,
            evidence.EffectiveSamples,
            tenants.All.Rows > 0 ? own.Rows / (double)tenants.All.Rows : 0,
            ColumnTest.IsRate(finding.Type)
                ? ColumnTest.RateWithout(finding.Type, tenants.All, own)
                : ColumnTest.DriftWithout(reference, tenants.All, own, autocorrelation, options.Measure));
    }

    /// <summary>Tenants whose predictions cost more than they did, with enough outcomes and significance after correction: first those without whom the model costs least.</summary>
    /// <param name="finding">What the model as a whole shows.</param>
    /// <param name="reference">How the version did before.</param>
    /// <param name="losses">Losses, tenant by tenant.</param>
    /// <param name="options">Thresholds.</param>
    public static IReadOnlyList<SignalTenant> Of(Finding finding, PerformanceReference reference, TenantLosses losses, MonitorOptions options)
    {
        var (statistic, mean) = losses.IsBinary ? ("log_loss", reference.LogLoss) : ("rmse", reference.Rmse * reference.Rmse);
        if (mean is not { } before)
        {
            return [];
        }

        var (from, to) = (finding.Evidence.From, finding.Evidence.To);
        var tested = losses.Tenants.Where(t => t.Sum.Count >= options.MinimumEffectiveSamples).ToArray();
        var judged = DriftTests.Judge([.. tested.Select(t => PerformanceTests.Rise(statistic, t.Sum, before, Shown(before), Shown(t.Sum.Mean), options, from, to))], options);
        return
        [
            .. tested.Zip(judged, (t, f) => (t.Tenant, t.Sum, Finding: f))
                .Where(static t => t.Finding.Hit)
                .Select(t => Named(t.Tenant, t.Sum, t.Finding.Evidence))
                .OrderBy(static t => t.Without)
                .ThenBy(static t => t.Tenant, StringComparer.Ordinal)
                .Take(MaximumNamed),
        ];

        SignalTenant Named(string tenant, LossSum own, SignalEvidence evidence)
        {
            var rest = new LossSum(losses.All.Count - own.Count, losses.All.Sum - own.Sum, losses.All.SumOfSquares - own.SumOfSquares);
            return new SignalTenant(
                tenant, statistic, evidence.Value, evidence.P!.Value, own.Count, own.Count, own.Count / (double)Math.Max(1, losses.All.Count), rest.Count > 0 ? Shown(rest.Mean) : 0);
        }

        // A mean square is tested, for it has a variance; its root is shown, for it has the unit.
        double Shown(double lost) => losses.IsBinary ? lost : Math.Sqrt(Math.Max(0, lost));
    }

    private static Finding Test(Finding finding, ColumnBaseline reference, ColumnSketch own, double autocorrelation, MonitorOptions options)
    {
        var (from, to) = (finding.Evidence.From, finding.Evidence.To);
        if (ColumnTest.IsRate(finding.Type))
        {
            var rate = ColumnTest.Rate(finding.Type, reference, own, options, from, to);
            return rate with { Tested = rate.Tested && own.Rows >= options.MinimumEffectiveSamples };
        }

        var threshold = finding.Type == SignalType.FeatureDrift ? options.Feature : options.Output;
        var repeats = own.RepeatPairs * 2 >= own.Moments.Count ? own.Autocorrelation : Math.Max(own.Autocorrelation, autocorrelation);
        return ColumnTest.Drift(finding.Type, reference, own, options.Measure, threshold, options, from, to, repeats);
    }
}
