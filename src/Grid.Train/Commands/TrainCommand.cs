using System.CommandLine;
using System.Globalization;
using Grid.Train.Boosting;
using Grid.Train.Data;
using Grid.Train.Evaluation;
using Grid.Train.Packages;

namespace Grid.Train.Commands;

/// <summary><c>grid-train train</c>: from a Parquet file to the folder of a version.</summary>
internal static class TrainCommand
{
    private static readonly BoostingOptions Defaults = new();

    public static Command Create(TextWriter output, TextWriter error)
    {
        var data = new Option<string>("--data") { Description = "Parquet file with the training set.", Required = true };
        var folder = new Option<string>("--out") { Description = "Folder to make for the version.", Required = true };
        var objective = new Option<Objective>("--objective") { Description = "binary or regression.", DefaultValueFactory = static _ => Objective.Binary };
        var label = new Option<string?>("--label") { Description = "Column with the truth; default what the file says, or 'label'." };
        var weight = new Option<string?>("--weight") { Description = "Column with weights of rows; default none." };
        var time = new Option<string?>("--time") { Description = "Column with times; default 'time' where there is one, otherwise the order of the rows." };
        var features = new Option<string[]>("--features") { Description = "The features in order; default what the file says, or every other column.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = static _ => [] };
        var ignore = new Option<string[]>("--ignore") { Description = "Columns that are no features.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = static _ => [] };
        var rounds = Number("--rounds", "Most trees, 1 to 10000.", Defaults.Rounds);
        var leaves = Number("--leaves", "Most leaves of a tree, 2 to 4096.", Defaults.Leaves);
        var rate = Number("--learning-rate", "Share of a tree's correction that is taken over, up to 1.", Defaults.LearningRate);
        var minLeafRows = Number("--min-leaf-rows", "Fewest rows of a leaf.", Defaults.MinLeafRows);
        var l2 = Number("--l2", "Weight of squared leaf values in the loss.", Defaults.L2);
        var stopping = Number("--early-stopping", "Stop after so many trees without gain on the validation rows; 0 for never.", Defaults.EarlyStopping);
        var share = Number("--validation-share", "Share of the rows, the latest ones, that are held back, 0 to 0.9.", 0.2);
        var seed = Number("--seed", "Seed, 0 or more.", Defaults.Seed);
        var threads = Number("--threads", "Threads; 0 for all cores.", Defaults.Threads);
        var name = new Option<string?>("--output-name") { Description = "Name of the prediction in answers; default probability or value." };
        var description = new Option<string?>("--description") { Description = "What the model predicts, for people." };
        var parent = new Option<string?>("--parent") { Description = "Lineage: the version that this one is meant to follow." };
        var signal = new Option<string?>("--signal") { Description = "Lineage: id of the signal that asked for it." };
        var code = new Option<string?>("--code") { Description = "Lineage: where the code is, for example a commit." };
        var command = new Command("train", "Trains on a Parquet file and writes the folder of a version: model.onnx, model.yaml, baseline.json, card.json.")
        {
            data, folder, objective, label, weight, time, features, ignore, rounds, leaves, rate, minLeafRows, l2, stopping, share, seed, threads, name, description, parent, signal, code,
        };
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
                Boosting = new BoostingOptions
                {
                    Objective = parsed.GetValue(objective),
                    Rounds = parsed.GetValue(rounds),
                    Leaves = parsed.GetValue(leaves),
                    LearningRate = parsed.GetValue(rate),
                    MinLeafRows = parsed.GetValue(minLeafRows),
                    L2 = parsed.GetValue(l2),
                    EarlyStopping = parsed.GetValue(stopping),
                    Seed = parsed.GetValue(seed),
                    Threads = parsed.GetValue(threads),
                },
                ValidationShare = parsed.GetValue(share),
                OutputName = parsed.GetValue(name),
                Description = parsed.GetValue(description),
                Parent = parsed.GetValue(parent),
                Signal = parsed.GetValue(signal),
                Code = parsed.GetValue(code),
            };
            var result = await PackageTrainer.TrainAsync(request, cancellationToken);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{result.Folder}: {result.Card.Trees} trees of {result.Card.TreesGrown} grown, {result.Card.Data.Features.Length} features; model.onnx within {result.Card.LargestDifference:0.0e+0} of the trainer"));
            await output.WriteLineAsync(Describe("training  ", result.Card.Training));
            if (result.Card.Validation is { } validation)
            {
                await output.WriteLineAsync(Describe("validation", validation));
            }
        }));
        return command;
    }

    private static Option<T> Number<T>(string name, string description, T value) => new(name) { Description = description, DefaultValueFactory = _ => value };

    private static string Describe(string rows, Figures figures) => figures.Binary is { } b
        ? string.Create(CultureInfo.InvariantCulture, $"{rows} {b.Rows} rows, label rate {b.LabelRate:0.0000}: AUC {b.Auc:0.0000}, log loss {b.LogLoss:0.0000}, Brier {b.Brier:0.0000}, mean {b.MeanPrediction:0.0000}")
        : string.Create(CultureInfo.InvariantCulture, $"{rows} {figures.Regression!.Rows} rows, mean label {figures.Regression.MeanLabel:0.0000}: RMSE {figures.Regression.Rmse:0.0000}, MAE {figures.Regression.Mae:0.0000}, mean {figures.Regression.MeanPrediction:0.0000}");
}
