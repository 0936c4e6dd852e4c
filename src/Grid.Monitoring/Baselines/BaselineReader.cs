using System.Collections.Immutable;
using System.Text.Json;
using Grid.Monitoring.Performance;
using Grid.Monitoring.Sketches;
using Grid.Primitives;

namespace Grid.Monitoring.Baselines;

/// <summary>Reads <c>baseline.json</c> and names every mistake in it.</summary>
internal sealed class BaselineReader
{
    private const string Target = "baseline";

    // An output that older files keep among the features.
    private const string PredictionColumn = "prediction";

    private readonly List<GridError> _errors = [];

    public static Baseline Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new BaselineReader().Read(document.RootElement)
                : throw GridError.Invalid(Target, "is not a JSON object.").ToException();
        }
        catch (JsonException e)
        {
            throw new GridException(GridError.Invalid(Target, $"is not JSON: {e.Message}"), e);
        }
    }

    private Baseline Read(JsonElement root)
    {
        var rule = Rule(root);
        var features = Columns(root, "features", rule, PredictionColumn);
        var outputs = Columns(root, "outputs", rule, null);
        if (root.TryGetProperty("features", out var all) && all.ValueKind == JsonValueKind.Object && all.TryGetProperty(PredictionColumn, out var prediction))
        {
            outputs = outputs.Add(Column($"features.{PredictionColumn}", PredictionColumn, prediction, rule));
        }

        if (features.IsEmpty && outputs.IsEmpty)
        {
            _errors.Add(GridError.Invalid(Target, "has neither features nor outputs.", "Give 'features' and 'outputs', each from names to statistics."));
        }

        var rows = (long)(Number(root, Target, "rows") ?? features.Concat(outputs).Select(static c => c.Counts.Sum()).DefaultIfEmpty(0).Max());
        var baseline = new Baseline
        {
            Model = root.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.String ? model.GetString() : null,
            Rows = rows,
            LabelRate = Number(root, Target, "label_rate"),
            Provisional = root.TryGetProperty("provisional", out var p) && p.ValueKind == JsonValueKind.True,
            Features = features,
            Outputs = outputs,
            Performance = Performance(root),
            Calibration = Calibration(root),
        };
        return _errors.Count == 0 ? baseline : throw new GridException(_errors);
    }

    private BinRule Rule(JsonElement root)
    {
        var text = root.TryGetProperty("bin_rule", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "left_closed";
        if (text == "left_closed" || text.Contains("edges[i-1] <= x < edges[i]", StringComparison.Ordinal))
        {
            return BinRule.LeftClosed;
        }

        if (text == "right_closed" || text.Contains("edges[i-1] < x <= edges[i]", StringComparison.Ordinal))
        {
            return BinRule.RightClosed;
        }

        _errors.Add(GridError.Invalid("baseline.bin_rule", $"'{text}' is no rule.", "Use left_closed (edges[i-1] <= x < edges[i]) or right_closed (edges[i-1] < x <= edges[i])."));
        return BinRule.LeftClosed;
    }

    private ImmutableArray<ColumnBaseline> Columns(JsonElement root, string name, BinRule rule, string? except)
    {
        if (!root.TryGetProperty(name, out var columns))
        {
            return [];
        }

        if (columns.ValueKind != JsonValueKind.Object)
        {
            _errors.Add(GridError.Invalid($"baseline.{name}", "is not an object.", "Map each name to its statistics."));
            return [];
        }

        return [.. columns.EnumerateObject().Where(c => c.Name != except).Select(c => Column($"{name}.{c.Name}", c.Name, c.Value, rule))];
    }

    private ColumnBaseline Column(string path, string name, JsonElement column, BinRule rule)
    {
        var target = $"baseline.{path}";
        if (column.ValueKind != JsonValueKind.Object)
        {
            _errors.Add(GridError.Invalid(target, "is not an object."));
            return Empty(name);
        }

        var categories = Texts(column, "categories");
        double[] edges = categories.IsEmpty ? Numbers(column, target, "edges") : [.. categories.Select(CategoryCode.Of)];
        var counts = Numbers(column, target, "counts").Select(static c => (long)c).ToArray();
        if (!categories.IsEmpty)
        {
            // Bins are in the order of the codes; a last count is for categories outside the list, and may be left out.
            var order = Enumerable.Range(0, edges.Length).OrderBy(i => edges[i]).ToArray();
            var given = counts;
            if (given.Length == edges.Length || given.Length == edges.Length + 1)
            {
                counts = [.. order.Select(i => given[i]), given.Length > edges.Length ? given[^1] : 0];
            }

            categories = [.. order.Select(i => categories[i])];
            edges = [.. order.Select(i => edges[i])];
            rule = BinRule.Categories;
        }

        Bins bins;
        try
        {
            bins = new Bins(rule, [.. edges]);
        }
        catch (ArgumentException e)
        {
            _errors.Add(GridError.Invalid($"{target}.edges", e.Message));
            return Empty(name);
        }

        if (counts.Length != bins.Count || counts.Any(static c => c < 0))
        {
            _errors.Add(GridError.Invalid($"{target}.counts", $"has {counts.Length} entries; {edges.Length} edges make {bins.Count} bins.", "Give one count, zero or more, for each bin."));
            return Empty(name);
        }

        return new ColumnBaseline
        {
            Name = name,
            Bins = bins,
            Counts = [.. counts],
            Mean = Number(column, target, "mean") ?? 0,
            Deviation = Number(column, target, "std") ?? 0,
            Minimum = Number(column, target, "min") ?? double.NegativeInfinity,
            Maximum = Number(column, target, "max") ?? double.PositiveInfinity,
            Nulls = (long)(Number(column, target, "nulls") ?? 0),
            NotFinite = (long)(Number(column, target, "not_finite") ?? 0),
            Autocorrelation = Number(column, target, "autocorrelation"),
            Quantiles = [.. Numbers(column, target, "quantiles").Order()],
            Categories = categories,
        };
    }

    private PerformanceReference? Performance(JsonElement root)
    {
        const string Path = "baseline.performance";
        return !root.TryGetProperty("performance", out var p) || p.ValueKind != JsonValueKind.Object
            ? null
            : new PerformanceReference(
                (long)(Number(p, Path, "rows") ?? 0), Number(p, Path, "auc"), Number(p, Path, "log_loss"), Number(p, Path, "brier"),
                Number(p, Path, "calibration_error"), Number(p, Path, "rmse"), Number(p, Path, "mae"));
    }

    private IsotonicCalibration? Calibration(JsonElement root)
    {
        if (!root.TryGetProperty("calibration", out var c) || c.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        try
        {
            return new IsotonicCalibration(Numbers(c, "baseline.calibration", "scores"), Numbers(c, "baseline.calibration", "values"));
        }
        catch (ArgumentException e)
        {
            _errors.Add(GridError.Invalid("baseline.calibration", e.Message));
            return null;
        }
    }

    private double? Number(JsonElement parent, string target, string name)
    {
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number))
        {
            return number;
        }

        _errors.Add(GridError.Invalid($"{target}.{name}", $"'{value}' is not a finite number."));
        return null;
    }

    private double[] Numbers(JsonElement parent, string target, string name)
    {
        if (!parent.TryGetProperty(name, out var value))
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(static v => v.ValueKind == JsonValueKind.Number && double.IsFinite(v.GetDouble())))
        {
            return [.. value.EnumerateArray().Select(static v => v.GetDouble())];
        }

        _errors.Add(GridError.Invalid($"{target}.{name}", "is not a list of finite numbers."));
        return [];
    }

    private static ImmutableArray<string> Texts(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(static v => v.ToString())] : [];

    private static ColumnBaseline Empty(string name) => new()
    {
        Name = name, Bins = new Bins(BinRule.LeftClosed, []), Counts = [0], Mean = 0, Deviation = 0, Minimum = 0, Maximum = 0,
    };
}
