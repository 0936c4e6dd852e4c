namespace Grid.Train.Baselines;

/// <summary>Statistics of the rows that a version learned from: what its inputs and outputs are compared with later. The content of <c>baseline.json</c>.</summary>
/// <param name="Model">File of the model.</param>
/// <param name="Dataset">Name of the training set.</param>
/// <param name="PeriodUtc">First and last time of the rows; null where they have none.</param>
/// <param name="Rows">Rows.</param>
/// <param name="LabelRate">Mean label: for a binary model, the share of label 1.</param>
/// <param name="BinRule">What edges and counts mean.</param>
/// <param name="Features">By name, in the order of the model's input, and the model's output as <c>prediction</c>.</param>
internal sealed record ModelBaseline(
    string Model,
    string Dataset,
    string[]? PeriodUtc,
    int Rows,
    double LabelRate,
    string BinRule,
    Dictionary<string, ColumnBaseline> Features)
{
    /// <summary>Key of the model's output among the columns.</summary>
    public const string Prediction = "prediction";
}
