using YamlDotNet.RepresentationModel;

namespace Grid.Inference.Manifests;

/// <content>The sections <c>monitoring</c> and <c>retraining</c>.</content>
internal sealed partial class ManifestReader
{
    private ManifestMonitoring ReadMonitoring(YamlNode node)
    {
        var monitoring = new ManifestMonitoring();
        foreach (var (key, value) in Entries(node, "monitoring"))
        {
            var path = $"monitoring.{key}";
            monitoring = key switch
            {
                "window_minutes" => monitoring with { WindowMinutes = Number(value, path) },
                "min_rows" => monitoring with { MinRows = Integer(value, path) },
                "min_outcomes" => monitoring with { MinOutcomes = Integer(value, path) },
                "min_effective_samples" => monitoring with { MinEffectiveSamples = Number(value, path) },
                "measure" => monitoring with { Measure = Choice<ManifestMeasure>(value, path) },
                "feature_threshold" => monitoring with { FeatureThreshold = Number(value, path) },
                "output_threshold" => monitoring with { OutputThreshold = Number(value, path) },
                "rate_threshold" => monitoring with { RateThreshold = Number(value, path) },
                "auc_threshold" => monitoring with { AucThreshold = Number(value, path) },
                "loss_threshold" => monitoring with { LossThreshold = Number(value, path) },
                "calibration_threshold" => monitoring with { CalibrationThreshold = Number(value, path) },
                "look_back" => monitoring with { LookBack = Integer(value, path) },
                "raise_after" => monitoring with { RaiseAfter = Integer(value, path) },
                "clear_after" => monitoring with { ClearAfter = Integer(value, path) },
                "cool_down" => monitoring with { CoolDown = Integer(value, path) },
                "season" => monitoring with { Season = Choice<ManifestSeason>(value, path) },
                _ => Unknown(
                    monitoring,
                    path,
                    "window_minutes, min_rows, min_outcomes, min_effective_samples, measure, feature_threshold, output_threshold, rate_threshold, auc_threshold, loss_threshold, calibration_threshold, look_back, raise_after, clear_after, cool_down, season"),
            };
        }

        return monitoring;
    }

    private ManifestRetraining ReadRetraining(YamlNode node)
    {
        var retraining = new ManifestRetraining();
        foreach (var (key, value) in Entries(node, "retraining"))
        {
            var path = $"retraining.{key}";
            retraining = key switch
            {
                "enabled" => retraining with { Enabled = Bool(value, path) },
                "input_drift_share" => retraining with { InputDriftShare = Number(value, path) },
                "data_volume" => retraining with { DataVolume = Integer(value, path) },
                "max_age_days" => retraining with { MaxAgeDays = Number(value, path) },
                "min_rows" => retraining with { MinRows = Integer(value, path) },
                "budget" => retraining with { Budget = Integer(value, path) },
                "budget_days" => retraining with { BudgetDays = Number(value, path) },
                "cool_down_hours" => retraining with { CoolDownHours = Number(value, path) },
                "max_back_off_hours" => retraining with { MaxBackOffHours = Number(value, path) },
                _ => Unknown(retraining, path, "enabled, input_drift_share, data_volume, max_age_days, min_rows, budget, budget_days, cool_down_hours, max_back_off_hours"),
            };
        }

        return retraining;
    }

    private T Choice<T>(YamlNode node, string path)
        where T : struct, Enum
    {
        var text = Text(node, path);
        foreach (var value in Enum.GetValues<T>())
        {
            if (ManifestWriter.Name(value) == text)
            {
                return value;
            }
        }

        Fail(path, $"is '{text}'.", $"Use one of: {string.Join(", ", Enum.GetValues<T>().Select(ManifestWriter.Name))}.");
        return default;
    }
}
