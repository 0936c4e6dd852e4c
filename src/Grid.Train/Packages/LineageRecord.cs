using Grid.Train.Evaluation;

namespace Grid.Train.Packages;

/// <summary>The content of <c>lineage.json</c>: what the grid keeps of a version's descent, and shows with it.</summary>
/// <param name="Parent">The version it is meant to follow.</param>
/// <param name="Signal">Id of the signal that asked for it.</param>
/// <param name="DataSet">Content digest of the training set.</param>
/// <param name="Code">Where the code is.</param>
/// <param name="Metrics">On the rows that were held back; on those learned from where none were.</param>
internal sealed record LineageRecord(string? Parent, string? Signal, string DataSet, string? Code, Dictionary<string, double> Metrics)
{
    public static LineageRecord Of(ModelCard card) =>
        new(card.Lineage.Parent, card.Lineage.Signal, card.Lineage.DatasetDigest, card.Lineage.Code, MetricsOf(card.Validation ?? card.Training));

    private static Dictionary<string, double> MetricsOf(Figures figures)
    {
        var metrics = figures.Binary is { } binary
            ? new Dictionary<string, double> { ["rows"] = binary.Rows, ["auc"] = binary.Auc ?? double.NaN, ["log_loss"] = binary.LogLoss, ["brier"] = binary.Brier }
            : new Dictionary<string, double> { ["rows"] = figures.Regression!.Rows, ["rmse"] = figures.Regression.Rmse, ["mae"] = figures.Regression.Mae };
        return metrics.Where(static metric => double.IsFinite(metric.Value)).ToDictionary();
    }
}
