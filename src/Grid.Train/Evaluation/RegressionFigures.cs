namespace Grid.Train.Evaluation;

/// <summary>Figures of predicted values against true ones; every row counts the same.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="MeanLabel">Mean of the truth.</param>
/// <param name="MeanPrediction">Mean of the predictions.</param>
/// <param name="Rmse">Root of the mean squared difference.</param>
/// <param name="Mae">Mean absolute difference.</param>
internal sealed record RegressionFigures(int Rows, double MeanLabel, double MeanPrediction, double Rmse, double Mae)
{
    public static RegressionFigures Of(ReadOnlySpan<double> predictions, ReadOnlySpan<float> labels)
    {
        double squares = 0, absolute = 0, truth = 0, predicted = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            var difference = predictions[i] - labels[i];
            squares += difference * difference;
            absolute += Math.Abs(difference);
            truth += labels[i];
            predicted += predictions[i];
        }

        var rows = labels.Length;
        return new RegressionFigures(rows, truth / rows, predicted / rows, Math.Sqrt(squares / rows), absolute / rows);
    }
}
