using System.Globalization;
using Grid.Primitives;

namespace Grid.Inference.Manifests;

/// <summary>What the sections <c>monitoring</c> and <c>retraining</c> must hold to. Pure. The ranges are those of the silo's own settings.</summary>
internal static class MonitoringRules
{
    private const int Most = 1_000_000_000;

    /// <summary>A hundred years: what is longer is never, and cannot be reckoned with in dates.</summary>
    private const double MostDays = 36_500;

    private const double MostHours = MostDays * 24;

    public static IEnumerable<GridError> Check(ManifestMonitoring m) => Wrong(
    [
        ("monitoring.window_minutes", m.WindowMinutes, m.WindowMinutes is null or (>= 1 and <= 44_640), "1 to 44640 (31 days)"),
        ("monitoring.min_rows", m.MinRows, m.MinRows is null or (>= 50 and <= Most), "50 to 1000000000"),
        ("monitoring.min_outcomes", m.MinOutcomes, m.MinOutcomes is null or (>= 50 and <= Most), "50 to 1000000000"),
        ("monitoring.min_effective_samples", m.MinEffectiveSamples, m.MinEffectiveSamples is null or >= 10, "10 or more"),
        ("monitoring.measure", m.Measure, m.Measure is not { } measure || Enum.IsDefined(measure), "psi, jensen_shannon, hellinger, kolmogorov_smirnov, wasserstein or cramers_v"),
        ("monitoring.feature_threshold", m.FeatureThreshold, m.FeatureThreshold is null or > 0, "a number above 0"),
        ("monitoring.output_threshold", m.OutputThreshold, m.OutputThreshold is null or > 0, "a number above 0"),
        ("monitoring.rate_threshold", m.RateThreshold, m.RateThreshold is null or (> 0 and <= 1), "a number above 0, at most 1"),
        ("monitoring.auc_threshold", m.AucThreshold, m.AucThreshold is null or (> 0 and <= 1), "a number above 0, at most 1"),
        ("monitoring.loss_threshold", m.LossThreshold, m.LossThreshold is null or > 0, "a number above 0"),
        ("monitoring.calibration_threshold", m.CalibrationThreshold, m.CalibrationThreshold is null or (> 0 and <= 1), "a number above 0, at most 1"),
        ("monitoring.look_back", m.LookBack, m.LookBack is null or (>= 1 and <= 32), "1 to 32 windows"),
        ("monitoring.raise_after", m.RaiseAfter, m.RaiseAfter is null || (m.RaiseAfter >= 1 && m.RaiseAfter <= (m.LookBack ?? 32)), $"1 to {m.LookBack ?? 32} windows, the look_back at most"),
        ("monitoring.clear_after", m.ClearAfter, m.ClearAfter is null or (>= 1 and <= 32), "1 to 32 windows"),
        ("monitoring.cool_down", m.CoolDown, m.CoolDown is null or (>= 0 and <= 1000), "0 to 1000 windows"),
        ("monitoring.season", m.Season, m.Season is not { } season || Enum.IsDefined(season), "none, day or week"),
    ]);

    public static IEnumerable<GridError> Check(ManifestRetraining r) => Wrong(
    [
        ("retraining.input_drift_share", r.InputDriftShare, r.InputDriftShare is null or (> 0 and <= 1), "a number above 0, at most 1"),
        ("retraining.data_volume", r.DataVolume, r.DataVolume is null or (>= 1 and <= Most), "1 to 1000000000"),
        ("retraining.max_age_days", r.MaxAgeDays, r.MaxAgeDays is null or (> 0 and <= MostDays), "a number above 0, at most 36500"),
        ("retraining.min_rows", r.MinRows, r.MinRows is null or (>= 1 and <= Most), "1 to 1000000000"),
        ("retraining.budget", r.Budget, r.Budget is null or (>= 1 and <= 1000), "1 to 1000"),
        ("retraining.budget_days", r.BudgetDays, r.BudgetDays is null or (> 0 and <= MostDays), "a number above 0, at most 36500"),
        ("retraining.cool_down_hours", r.CoolDownHours, r.CoolDownHours is null or (>= 0 and <= MostHours), "0 to 876000"),
        ("retraining.max_back_off_hours", r.MaxBackOffHours, r.MaxBackOffHours is null || (r.MaxBackOffHours >= (r.CoolDownHours ?? 0) && r.MaxBackOffHours <= MostHours), "the cool_down_hours to 876000"),
    ]);

    private static IEnumerable<GridError> Wrong((string Path, object? Value, bool Holds, string Range)[] rules) =>
        rules.Where(static rule => !rule.Holds)
            .Select(static rule => GridError.Invalid(rule.Path, string.Create(CultureInfo.InvariantCulture, $"is {rule.Value}."), $"Use {rule.Range}."));
}
