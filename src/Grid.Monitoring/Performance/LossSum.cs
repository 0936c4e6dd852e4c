namespace Grid.Monitoring.Performance;

/// <summary>Count, sum and sum of squares of a loss: merged by addition, and a row can be taken out again by a negative weight.</summary>
/// <remarks>Sums of squares are precise enough here: losses start at zero and their spread is of the size of their mean.</remarks>
public readonly record struct LossSum(long Count, double Sum, double SumOfSquares)
{
    /// <summary>NaN without rows.</summary>
    public double Mean => Count > 0 ? Sum / Count : double.NaN;

    /// <summary>Variance of the mean; NaN below two rows.</summary>
    public double VarianceOfMean => Count > 1 ? Math.Max(0, (SumOfSquares - (Sum * Sum / Count)) / (Count - 1)) / Count : double.NaN;

    /// <param name="loss">The row's loss.</param>
    /// <param name="weight">1 to add the row, −1 to take it out.</param>
    public LossSum Add(double loss, int weight = 1) => new(Count + weight, Sum + (weight * loss), SumOfSquares + (weight * loss * loss));

    public static LossSum operator +(LossSum a, LossSum b) => new(a.Count + b.Count, a.Sum + b.Sum, a.SumOfSquares + b.SumOfSquares);
}
