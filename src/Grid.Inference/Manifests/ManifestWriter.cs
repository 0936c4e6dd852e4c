using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Grid.Inference.Manifests;

/// <summary>Writes the YAML form of a manifest, leaving out what has its default.</summary>
internal static class ManifestWriter
{
    public static string Write(ModelManifest manifest)
    {
        var yaml = new StringBuilder();
        if (manifest.Description is { Length: > 0 } description)
        {
            yaml.Append("description: ").Append(Quote(description)).Append('\n');
        }

        if (!manifest.Inputs.IsEmpty)
        {
            yaml.Append("inputs:\n");
            foreach (var input in manifest.Inputs)
            {
                yaml.Append("  ").Append(Quote(input.Name)).Append(":\n");
                foreach (var column in input.Columns)
                {
                    yaml.Append("    - ").Append(column.Source == ColumnSource.Feature ? "feature: " : "request: ").Append(Quote(column.ToString())).Append('\n');
                    if (column.Default is { } value)
                    {
                        yaml.Append("      default: ").Append(Number(value)).Append('\n');
                    }
                }
            }
        }

        if (!manifest.Outputs.IsEmpty)
        {
            yaml.Append("outputs:\n");
            foreach (var output in manifest.Outputs)
            {
                var index = output.Index is { } i ? string.Create(CultureInfo.InvariantCulture, $", index: {i}") : "";
                yaml.Append("  ").Append(Quote(output.Name)).Append(": { output: ").Append(Quote(output.Output)).Append(index).Append(" }\n");
            }
        }

        var limits = manifest.Limits;
        yaml.Append("limits:\n");
        yaml.Append(CultureInfo.InvariantCulture, $"  max_batch: {limits.MaxBatch}\n  queue: {limits.Queue}\n  deadline_ms: {limits.DeadlineMs}\n");
        yaml.Append("  inline: ").Append(limits.Inline switch { InlineMode.Always => "always", InlineMode.Never => "never", _ => "auto" }).Append('\n');
        yaml.Append("  max_delay_ms: ").Append(Number(limits.MaxDelayMs)).Append('\n');
        if (manifest.Guards is { } guards)
        {
            WriteGuards(yaml, guards);
        }

        if (manifest.Replicas is { } replicas)
        {
            WriteReplicas(yaml, replicas);
        }

        if (manifest.Monitoring is { } monitoring)
        {
            WriteMonitoring(yaml, monitoring);
        }

        if (manifest.Retraining is { } retraining)
        {
            WriteRetraining(yaml, retraining);
        }

        if (manifest.Baseline is { } baseline)
        {
            yaml.Append("baseline: ").Append(Quote(baseline)).Append('\n');
        }

        Flag(yaml, "allow_stale_reads", manifest.AllowStaleReads);
        Flag(yaml, "allow_nan", manifest.AllowNan);
        if (manifest.Threads != 1)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"threads: {manifest.Threads}\n");
        }

        if (manifest.LogShare is { } share)
        {
            yaml.Append("log_share: ").Append(Number(share)).Append('\n');
        }

        return yaml.ToString();
    }

    private static void WriteGuards(StringBuilder yaml, ManifestGuards guards)
    {
        yaml.Append(CultureInfo.InvariantCulture, $"guards:\n  min_requests: {guards.MinRequests}\n");
        if (guards.ErrorRate is { } errors)
        {
            yaml.Append("  error_rate: ").Append(Number(errors)).Append('\n');
        }

        if (guards.P99Ms is { } ms)
        {
            yaml.Append("  p99_ms: ").Append(Number(ms)).Append('\n');
        }

        if (guards.Disagreement is { } disagreement)
        {
            yaml.Append("  disagreement:\n");
            if (disagreement.Output is { } output)
            {
                yaml.Append("    output: ").Append(Quote(output)).Append('\n');
            }

            yaml.Append("    threshold: ").Append(Number(disagreement.Threshold)).Append("\n    rate: ").Append(Number(disagreement.Rate)).Append('\n');
        }

        if (guards.Performance is { } performance)
        {
            yaml.Append("  performance:\n    margin: ").Append(Number(performance.Margin)).Append(CultureInfo.InvariantCulture, $"\n    min_outcomes: {performance.MinOutcomes}\n");
        }

        if (guards.Drift)
        {
            yaml.Append("  drift: true\n");
        }

        if (!guards.Steps.IsEmpty)
        {
            yaml.Append("  steps: [").AppendJoin(", ", guards.Steps.Select(static step => Number(step))).Append("]\n");
        }
    }

    private static void WriteReplicas(StringBuilder yaml, ManifestReplicas replicas)
    {
        yaml.Append(CultureInfo.InvariantCulture, $"replicas:\n  min: {replicas.Min}\n");
        if (replicas.Max is { } max)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"  max: {max}\n");
        }

        if (replicas.IdleMinutes is { } minutes)
        {
            yaml.Append("  idle_minutes: ").Append(Number(minutes)).Append('\n');
        }

        if (!replicas.Requires.IsEmpty)
        {
            yaml.Append("  requires: [").AppendJoin(", ", replicas.Requires.Select(Quote)).Append("]\n");
        }
    }

    private static void WriteMonitoring(StringBuilder yaml, ManifestMonitoring m)
    {
        yaml.Append("monitoring:\n");
        Entry(yaml, "window_minutes", m.WindowMinutes);
        Entry(yaml, "min_rows", m.MinRows);
        Entry(yaml, "min_outcomes", m.MinOutcomes);
        Entry(yaml, "min_effective_samples", m.MinEffectiveSamples);
        Entry(yaml, "measure", m.Measure is { } measure ? Name(measure) : null);
        Entry(yaml, "feature_threshold", m.FeatureThreshold);
        Entry(yaml, "output_threshold", m.OutputThreshold);
        Entry(yaml, "rate_threshold", m.RateThreshold);
        Entry(yaml, "auc_threshold", m.AucThreshold);
        Entry(yaml, "loss_threshold", m.LossThreshold);
        Entry(yaml, "calibration_threshold", m.CalibrationThreshold);
        Entry(yaml, "look_back", m.LookBack);
        Entry(yaml, "raise_after", m.RaiseAfter);
        Entry(yaml, "clear_after", m.ClearAfter);
        Entry(yaml, "cool_down", m.CoolDown);
        Entry(yaml, "season", m.Season is { } season ? Name(season) : null);
    }

    private static void WriteRetraining(StringBuilder yaml, ManifestRetraining r)
    {
        yaml.Append("retraining:\n");
        Entry(yaml, "enabled", r.Enabled is { } enabled ? enabled ? "true" : "false" : null);
        Entry(yaml, "input_drift_share", r.InputDriftShare);
        Entry(yaml, "data_volume", r.DataVolume);
        Entry(yaml, "max_age_days", r.MaxAgeDays);
        Entry(yaml, "min_rows", r.MinRows);
        Entry(yaml, "budget", r.Budget);
        Entry(yaml, "budget_days", r.BudgetDays);
        Entry(yaml, "cool_down_hours", r.CoolDownHours);
        Entry(yaml, "max_back_off_hours", r.MaxBackOffHours);
    }

    /// <summary>The word that <c>model.yaml</c> has for a value.</summary>
    internal static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static void Entry(StringBuilder yaml, string name, double? value) => Entry(yaml, name, value is { } number ? Number(number) : null);

    private static void Entry(StringBuilder yaml, string name, string? value)
    {
        if (value is not null)
        {
            yaml.Append("  ").Append(name).Append(": ").Append(value).Append('\n');
        }
    }

    private static void Flag(StringBuilder yaml, string name, bool value)
    {
        if (value)
        {
            yaml.Append(name).Append(": true\n");
        }
    }

    /// <summary>Plain where YAML cannot misread it; otherwise a JSON string, which is valid YAML too.</summary>
    private static string Quote(string text) =>
        char.IsAsciiLetter(text[0]) && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.') && text is not ("true" or "false" or "null" or "yes" or "no")
            ? text
            : JsonSerializer.Serialize(text, JsonSerializerOptions.Default);

    private static string Number(double value) => Number(value, value.ToString("R", CultureInfo.InvariantCulture));

    private static string Number(float value) => Number(value, value.ToString("R", CultureInfo.InvariantCulture));

    private static string Number(double value, string finite) =>
        double.IsNaN(value) ? ".nan" : double.IsInfinity(value) ? (value > 0 ? ".inf" : "-.inf") : finite;
}
