using System.Text.Json;
using Grid.Monitoring.Sketches;

namespace Grid.Monitoring.Baselines;

/// <summary>Writes <c>baseline.json</c> in the form that <see cref="BaselineReader"/> reads.</summary>
internal static class BaselineWriter
{
    public static byte[] Write(Baseline baseline)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            if (baseline.Model is { } model)
            {
                json.WriteString("model", model);
            }

            json.WriteNumber("rows", baseline.Rows);
            Number(json, "label_rate", baseline.LabelRate);
            json.WriteBoolean("provisional", baseline.Provisional);

            // One rule a file; columns of categories carry their own.
            json.WriteString("bin_rule", baseline.Columns.Any(static c => c.Bins.Rule == BinRule.RightClosed) ? "right_closed" : "left_closed");
            Columns(json, "features", baseline.Features);
            Columns(json, "outputs", baseline.Outputs);
            if (baseline.Performance is { } p)
            {
                json.WriteStartObject("performance");
                json.WriteNumber("rows", p.Rows);
                Number(json, "auc", p.Auc);
                Number(json, "log_loss", p.LogLoss);
                Number(json, "brier", p.Brier);
                Number(json, "calibration_error", p.CalibrationError);
                Number(json, "rmse", p.Rmse);
                Number(json, "mae", p.Mae);
                json.WriteEndObject();
            }

            if (baseline.Calibration is { } c)
            {
                json.WriteStartObject("calibration");
                Numbers(json, "scores", c.Scores);
                Numbers(json, "values", c.Values);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void Columns(Utf8JsonWriter json, string name, IEnumerable<ColumnBaseline> columns)
    {
        json.WriteStartObject(name);
        foreach (var column in columns)
        {
            json.WriteStartObject(column.Name);
            if (column.Bins.Rule == BinRule.Categories)
            {
                json.WriteStartArray("categories");
                foreach (var category in column.Categories)
                {
                    json.WriteStringValue(category);
                }

                json.WriteEndArray();
            }
            else
            {
                Numbers(json, "edges", column.Bins.Edges);
            }

            json.WriteStartArray("counts");
            foreach (var count in column.Counts)
            {
                json.WriteNumberValue(count);
            }

            json.WriteEndArray();
            Number(json, "mean", column.Mean);
            Number(json, "std", column.Deviation);
            Number(json, "min", double.IsFinite(column.Minimum) ? column.Minimum : null);
            Number(json, "max", double.IsFinite(column.Maximum) ? column.Maximum : null);
            json.WriteNumber("nulls", column.Nulls);
            json.WriteNumber("not_finite", column.NotFinite);
            Number(json, "autocorrelation", column.Autocorrelation);
            Numbers(json, "quantiles", column.Quantiles);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void Numbers(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }
}
