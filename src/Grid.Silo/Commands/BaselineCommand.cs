using System.CommandLine;
using System.Collections.Immutable;
using System.Globalization;
using Grid.Monitoring.Baselines;
using Grid.Primitives;

namespace Grid.Silo.Commands;

/// <summary><c>grid models baseline</c>: needs no silo.</summary>
internal static class BaselineCommand
{
    public static Command Baseline(CommandContext context)
    {
        var file = new Argument<string>("file") { Description = "Training rows: .parquet, .csv or .csv.gz with a row of names." };
        var output = new Option<string>("--out") { Description = "Where to write it; put it beside model.onnx. Default baseline.json.", DefaultValueFactory = static _ => "baseline.json" };
        var features = Names("--feature", "A column that the model reads, in the order of the vector; give it for each. Default: all that are not named otherwise.");
        var outputs = Names("--output", "A column with what the version predicts for these rows; give it for each.");
        var label = new Option<string?>("--label") { Description = "The column with the truth; with an output, performance becomes part of the baseline." };
        var group = new Option<string?>("--group") { Description = "The column with tenant or entity; with rows in order of time, it is measured how much features repeat." };
        var categories = Names("--category", "A feature that is a category; give it for each.");
        var bins = new Option<int>("--bins") { Description = "Bins of a numeric column, 2 to 100. Default 10.", DefaultValueFactory = static _ => Grid.Monitoring.Baselines.Baseline.DefaultBins };
        var model = new Option<string?>("--model") { Description = "Name of the model, for the record." };
        var command = new Command("baseline", "Makes a version's baseline of its training rows.") { file, output, features, outputs, label, group, categories, bins, model };
        command.SetAction(context.RunLocal(async (parsed, cancellationToken) =>
        {
            var count = parsed.GetValue(bins);
            if (count is < 2 or > 100)
            {
                throw GridError.Invalid("--bins", string.Create(CultureInfo.InvariantCulture, $"is {count}."), "Use 2 to 100.").ToException();
            }

            var baseline = await BaselineBuilder.BuildAsync(
                await OpenAsync(parsed.GetValue(file)!, cancellationToken),
                new BaselineRequest
                {
                    Model = parsed.GetValue(model),
                    Features = Of(parsed.GetValue(features)),
                    Outputs = Of(parsed.GetValue(outputs)),
                    Label = parsed.GetValue(label),
                    Group = parsed.GetValue(group),
                    Categories = Of(parsed.GetValue(categories)),
                    Bins = count,
                },
                cancellationToken);
            var target = parsed.GetValue(output)!;
            await File.WriteAllBytesAsync(target, baseline.ToJson(), cancellationToken);
            context.Output.WritePairs(
            [
                ("baseline", target),
                ("rows", baseline.Rows.ToString(CultureInfo.InvariantCulture)),
                ("features", baseline.Features.Length.ToString(CultureInfo.InvariantCulture)),
                ("outputs", baseline.Outputs.Length.ToString(CultureInfo.InvariantCulture)),
                ("performance", baseline.Performance is { } p ? $"AUC {p.Auc?.ToString("0.####", CultureInfo.InvariantCulture) ?? "-"}, RMSE {p.Rmse?.ToString("0.####", CultureInfo.InvariantCulture) ?? "-"}" : "-"),
            ]);
            return ExitCodes.Ok;
        }));
        return command;
    }

    private static async Task<IRowSource> OpenAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw GridError.NotFound($"'{path}'", "is no file.", "Name a .parquet, .csv or .csv.gz file.").ToException();
        }

        return path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase) ? await ParquetRows.OpenAsync(path, cancellationToken)
            : path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase) ? CsvRows.Open(path)
            : throw GridError.Invalid($"'{path}'", "has an unknown ending.", "Use .parquet, .csv or .csv.gz.").ToException();
    }

    private static ImmutableArray<string> Of(string[]? names) => [.. names ?? []];

    private static Option<string[]> Names(string name, string description) => new(name) { Description = description };
}
