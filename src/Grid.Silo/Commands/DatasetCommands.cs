using System.CommandLine;
using System.Globalization;
using Grid.Abstractions;
using Grid.Client.Wire;

namespace Grid.Silo.Commands;

/// <summary><c>grid dataset export</c>.</summary>
internal static class DatasetCommands
{
    public static Command Datasets(CommandContext context) => new("dataset", "Training sets of logged predictions and their outcomes.") { Export(context) };

    private static Command Export(CommandContext context)
    {
        var model = new Option<string>("--model") { Description = "The model whose predictions are taken.", Required = true };
        var from = CommonOptions.Time("--from", "First as-of time, inclusive.");
        var to = CommonOptions.Time("--to", "End, exclusive.");
        var file = new Option<string>("--out") { Description = "Parquet file to write; replaced where it is there.", Required = true };
        var tenant = new Option<string?>("--tenant") { Description = "One tenant; default all." };
        var version = new Option<string?>("--version") { Description = "One version; default all with the vector of the latest." };
        var command = new Command("export", "Joins logged vectors with their outcomes into a Parquet file that grid-train reads.") { model, from, to, file, tenant, version };
        command.SetAction(context.Run(async (parsed, client, cancellationToken) =>
        {
            var dataset = await client.Datasets.ExportAsync(
                parsed.GetValue(model)!,
                parsed.GetValue(from)!.Value,
                parsed.GetValue(to)!.Value,
                parsed.GetValue(tenant),
                parsed.GetValue(version),
                cancellationToken);
            await client.Datasets.DownloadAsync(dataset.Digest, parsed.GetValue(file)!, cancellationToken);
            if (context.WantsJson(parsed))
            {
                context.Output.WriteJson(WireDatasets.ToBody(dataset), WireContext.Default.DatasetBody);
            }
            else
            {
                Write(context.Output, dataset, parsed.GetValue(file)!);
            }

            return ExitCodes.Ok;
        }));
        return command;
    }

    private static void Write(CommandOutput output, Dataset dataset, string file) =>
        output.WritePairs(
        [
            ("file", string.Create(CultureInfo.InvariantCulture, $"{file}, {dataset.Bytes} bytes")),
            ("digest", dataset.Digest),
            ("rows", Text(dataset.Rows)),
            ("features", Text(dataset.Features.Length)),
            ("without outcome", Text(dataset.Unlabelled)),
            ("other vectors", Text(dataset.OtherVectors)),
            ("outcomes without prediction", Text(dataset.UnmatchedOutcomes)),
            .. dataset.Versions.OrderBy(static v => v.Key, StringComparer.Ordinal).Select(static v => ($"version {v.Key}", v.Value)),
            .. dataset.Views.Select(static v => ("views", v)),
            .. dataset.Gaps.Select(static g => ("gap", string.Create(CultureInfo.InvariantCulture, $"{new WireTime(g.FromMs)} to {new WireTime(g.ToMs)}, {g.Reason}, {(g.Rows is { } rows ? Text(rows) : "unknown")} predictions"))),
        ]);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
