using System.Globalization;
using System.Text.Json;
using Grid.Primitives;
using Grid.Train.Baselines;
using Grid.Train.Boosting;
using Grid.Train.Data;
using Grid.Train.Evaluation;
using Grid.Train.Onnx;

namespace Grid.Train.Packages;

/// <summary>Trains, and writes the folder of a version: <c>model.onnx</c>, <c>model.yaml</c>, <c>baseline.json</c>, <c>card.json</c>, <c>lineage.json</c>.</summary>
internal static class PackageTrainer
{
    /// <summary>How far the written trees may be from the trainer's predictions; for a regression, times the size of the prediction where that is above 1.</summary>
    public const double Tolerance = 1e-5;

    /// <summary>
    /// The folder appears whole or not at all. The same file and options give the same bytes.
    /// </summary>
    /// <exception cref="GridException">The request or the data are wrong, or the written trees do not predict as the trainer does.</exception>
    public static async Task<TrainingResult> TrainAsync(TrainingRequest request, CancellationToken cancellationToken)
    {
        request.Require();
        var set = await TrainingSetReader.ReadAsync(request.Data, request.Columns, cancellationToken);
        if (request.FaultShuffleLabels)
        {
            set.ShuffleLabels(request.Boosting.Seed);
        }

        var split = set.SplitAt(request.ValidationShare);
        RequireLabels(set, split, request.Boosting);

        // 1. The trees.
        using var booster = TrainedBooster.Train(set.Rows(..split), set.Rows(split..), request.Boosting, cancellationToken);
        var trees = booster.ToTrees();
        var written = new FloatTrees(trees);
        var predictions = booster.Predict(set.Rows(..));

        // 2. What will be served says the same as what was trained.
        var difference = LargestDifference(written, set, predictions, request.Boosting.Objective);
        var onnx = TreeEnsembleWriter.Write(written, set.Width, request.Boosting.Objective);

        // 3. The folder.
        var card = CardOf(request, set, split, booster, trees, predictions, difference);
        var baseline = BaselineBuilder.Build(set, ..split, predictions.AsSpan(..split));
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(request.Folder));
        var staging = Path.Combine(Path.GetDirectoryName(folder)!, $".{Path.GetFileName(folder)}.{Guid.NewGuid():N}.partial");
        Directory.CreateDirectory(staging);
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(staging, "model.onnx"), onnx, cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(staging, "model.yaml"), ManifestText.Write(set, request), cancellationToken);
            await File.WriteAllBytesAsync(Path.Combine(staging, "baseline.json"), JsonSerializer.SerializeToUtf8Bytes(baseline, TrainJson.Default.ModelBaseline), cancellationToken);
            await File.WriteAllBytesAsync(Path.Combine(staging, "card.json"), JsonSerializer.SerializeToUtf8Bytes(card, TrainJson.Default.ModelCard), cancellationToken);
            await File.WriteAllBytesAsync(Path.Combine(staging, "lineage.json"), JsonSerializer.SerializeToUtf8Bytes(LineageRecord.Of(card), TrainJson.Default.LineageRecord), cancellationToken);
            Directory.Move(staging, folder);
        }
        finally
        {
            if (Directory.Exists(staging))
            {
                Directory.Delete(staging, recursive: true);
            }
        }

        return new TrainingResult(folder, card);
    }

    private static void RequireLabels(TrainingSet set, int split, BoostingOptions options)
    {
        if (split == 0)
        {
            throw GridError.Invalid("--validation-share", $"leaves none of {set.Count} rows to learn from.", "Give more rows, or a smaller share.").ToException();
        }

        if (options.Objective != Objective.Binary)
        {
            return;
        }

        var labels = set.Rows(..).Labels;
        var ones = 0;
        for (var row = 0; row < labels.Length; row++)
        {
            if (labels[row] is not (0 or 1))
            {
                throw GridError.Invalid("label", string.Create(CultureInfo.InvariantCulture, $"is {labels[row]}; a binary objective takes 0 and 1."), "Give such labels, or --objective regression.").ToException();
            }

            ones += row < split && labels[row] == 1 ? 1 : 0;
        }

        if (ones == 0 || ones == split)
        {
            throw GridError.Invalid("label", $"is {(ones == 0 ? 0 : 1)} in all {split} rows to learn from.", "Give rows with both labels.").ToException();
        }
    }

    private static double LargestDifference(FloatTrees trees, TrainingSet set, double[] predictions, Objective objective)
    {
        var rows = set.Rows(..);
        double largest = 0;
        for (var row = 0; row < predictions.Length; row++)
        {
            double sum = trees.Sum(rows.Row(row));
            var prediction = objective == Objective.Binary ? 1 / (1 + Math.Exp(-sum)) : sum;
            largest = Math.Max(largest, Math.Abs(prediction - predictions[row]) / Math.Max(1, Math.Abs(predictions[row])));
        }

        return largest <= Tolerance
            ? largest
            : throw new GridError(GridErrorCode.Internal, "model.onnx", string.Create(CultureInfo.InvariantCulture, $"would differ from the trainer's predictions by {largest}; at most {Tolerance} is allowed."), "Use fewer rounds, or scale the label.").ToException();
    }

    private static ModelCard CardOf(TrainingRequest request, TrainingSet set, int split, TrainedBooster booster, BoostedTrees trees, double[] predictions, double difference)
    {
        var gains = trees.Gains(set.Width);
        var total = Math.Max(gains.Sum(), double.Epsilon);
        return new ModelCard
        {
            Description = request.Description,
            Trainer = "grid-train, LightGBM 4.7.0",
            Objective = request.Boosting.Objective == Objective.Binary ? "binary" : "regression",
            Parameters = (request.Boosting with { Threads = 0 }).ToParameters(),
            Trees = booster.Trees,
            TreesGrown = booster.Grown,
            Data = new CardData(
                set.Source.Name,
                set.Source.Digest.ToString(),
                [.. set.Names],
                split,
                BaselineBuilder.PeriodOf(set, ..split),
                set.Count - split,
                BaselineBuilder.PeriodOf(set, split..),
                set.HasMissing),
            Lineage = new CardLineage(request.Parent, request.Signal, set.Source.Digest.ToString(), request.Code),
            Training = FiguresOf(request.Boosting.Objective, predictions.AsSpan(..split), set.Rows(..split).Labels),
            Validation = split == set.Count ? null : FiguresOf(request.Boosting.Objective, predictions.AsSpan(split..), set.Rows(split..).Labels),
            LargestDifference = difference,
            Importance = gains
                .Select((gain, i) => (Name: set.Names[i], Share: gain / total))
                .OrderByDescending(static f => f.Share)
                .ThenBy(static f => f.Name, StringComparer.Ordinal)
                .ToDictionary(static f => f.Name, static f => f.Share),
        };
    }

    private static Figures FiguresOf(Objective objective, ReadOnlySpan<double> predictions, ReadOnlySpan<float> labels) =>
        objective == Objective.Binary ? new Figures(BinaryFigures.Of(predictions, labels), null) : new Figures(null, RegressionFigures.Of(predictions, labels));
}
