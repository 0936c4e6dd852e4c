namespace Grid.Monitoring.Performance;

/// <summary>One row of the calibration table.</summary>
/// <param name="Count">Rows whose score fell into the bin.</param>
/// <param name="MeanScore">What the model said, on average; NaN where the bin is empty.</param>
/// <param name="Rate">What happened; NaN where the bin is empty.</param>
public readonly record struct CalibrationBin(long Count, double MeanScore, double Rate);
