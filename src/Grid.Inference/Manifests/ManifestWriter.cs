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
