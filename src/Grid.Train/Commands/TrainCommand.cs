using System.CommandLine;
using System.Globalization;
using Grid.Train.Data;
using Grid.Train.Evaluation;
using Grid.Train.Packages;

namespace Grid.Train.Commands;

/// <summary><c>grid-train train</c>: from a Parquet file to the folder of a version.</summary>
internal static class TrainCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var data = new Option<string>("--data") { Description = "Parquet file with the training set.", Required = true };
        var folder = new Option<string>("--out") { Description = "Folder to make for the version.", Required = true };
        var boosting = new BoostingArguments();
        var label = new Option<string?>("--label") { Description = "Column with the truth; default what the file says, or 'label'." };
        var weight = new Option<string?>("--weight") { Description = "Column with weights of rows; default none." };
        var time = new Option<string?>("--time") { Description = "Column with times; default 'time' where there is one, otherwise the order of the rows." };
        var features = new Option<string[]>("--features") { Description = "The features in order; default what the file says, or every other column.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = static _ => [] };
        var ignore = new Option<string[]>("--ignore") { Description = "Columns that are no features.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = static _ => [] };
        var name = new Option<string?>("--output-name") { Description = "Name of the prediction in answers; default probability or value." };
        var description = new Option<string?>("--description") { Description = "What the model predicts, for people." };
        var parent = new Option<string?>("--parent") { Description = "Lineage: the version that this one is meant to follow." };
        var signal = new Option<string?>("--signal") { Description = "Lineage: id of the signal that asked for it." };
        var code = new Option<string?>("--code") { Description = "Lineage: where the code is, for example a commit." };
        var manifest = new Option<string?>("--manifest") { Description = "File with lines to add to model.yaml: limits and guards, for example." };
        var shuffle = new Option<bool>("--fault-shuffle-labels") { Description = "For tests of the guards only: learn from labels that belong to other rows." };
        var command = new Command("train", "Trains on a Parquet file and writes the folder of a version: model.onnx, model.yaml, baseline.json, card.json, lineage.json.")
        {
            data, folder, label, weight, time, features, ignore, name, description, parent, signal, code, manifest, shuffle,
        };
        boosting.AddTo(command);
        command.SetAction(TrainCommands.Run(error, async (parsed, cancellationToken) =>
        {
            var request = new TrainingRequest
            {
                Data = parsed.GetRequiredValue(data),
                Folder = parsed.GetRequiredValue(folder),
                Columns = new TrainingColumns
                {
                    Label = parsed.GetValue(label),
                    Weight = parsed.GetValue(weight),
                    Time = parsed.GetValue(time),
                    Features = parsed.GetValue(features)!,
                    Ignored = parsed.GetValue(ignore)!,
                },
                Boosting = boosting.Boosting(parsed),
                ValidationShare = boosting.ValidationShare(parsed),
                OutputName = parsed.GetValue(name),
                Description = parsed.GetValue(description),
                Parent = parsed.GetValue(parent),
                Signal = parsed.GetValue(signal),
                Code = parsed.GetValue(code),
                ManifestLines = await ManifestText.LinesOfAsync(parsed.GetValue(manifest), cancellationToken),
                FaultShuffleLabels = parsed.GetValue(shuffle),
            };
            var result = await PackageTrainer.TrainAsync(request, cancellationToken);
            await DescribeAsync(output, result);
        }));
        return command;
    }

    /// <summary>What a training made, for people.</summary>
    public static async Task DescribeAsync(TextWriter output, TrainingResult result)
    {
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{result.Folder}: {result.Card.Trees} trees of {result.Card.TreesGrown} grown, {result.Card.Data.Features.Length} features; model.onnx within {result.Card.LargestDifference:0.0e+0} of the trainer"));
        await output.WriteLineAsync(Describe("training  ", result.Card.Training));
        if (result.Card.Validation is { } validation)
        {
            await output.WriteLineAsync(Describe("validation", validation));
        }
    }

    private static string Describe(string rows, Figures figures) => figures.Binary is { } b
        ? string.Create(CultureInfo.InvariantCulture, $"{rows} {b.Rows} rows, label rate {b.LabelRate:0.0000}: AUC {b.Auc:0.0000}, log loss {b.LogLoss:0.0000}, Brier {b.Brier:0.0000}, mean {b.MeanPrediction:0.0000}")
        : string.Create(CultureInfo.InvariantCulture, $"{rows} {figures.Regression!.Rows} rows, mean label {figures.Regression.MeanLabel:0.0000}: RMSE {figures.Regression.Rmse:0.0000}, MAE {figures.Regression.Mae:0.0000}, mean {figures.Regression.MeanPrediction:0.0000}");
}
