namespace Grid.Train.Evaluation;

/// <summary>Figures of one set of rows: binary or regression, the other is null.</summary>
internal sealed record Figures(BinaryFigures? Binary, RegressionFigures? Regression);
