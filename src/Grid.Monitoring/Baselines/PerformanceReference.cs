namespace Grid.Monitoring.Baselines;

/// <summary>How well the version did on rows it was not trained on. Immutable; what is not known is null.</summary>
/// <param name="Rows">Rows behind the figures.</param>
/// <param name="Auc">Area under the curve.</param>
/// <param name="LogLoss">In nats.</param>
/// <param name="Brier">Mean squared error of the probability.</param>
/// <param name="CalibrationError">Expected calibration error.</param>
/// <param name="Rmse">Root of the mean squared error.</param>
/// <param name="Mae">Mean absolute error.</param>
public sealed record PerformanceReference(
    long Rows, double? Auc = null, double? LogLoss = null, double? Brier = null, double? CalibrationError = null, double? Rmse = null, double? Mae = null);
