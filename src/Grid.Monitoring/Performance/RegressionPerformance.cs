namespace Grid.Monitoring.Performance;

/// <summary>Performance of a model that gives a number: merged by addition, rows can be taken out again. Not thread-safe.</summary>
public sealed class RegressionPerformance
{
    public LossSum SquaredErrors { get; private set; }

    public LossSum AbsoluteErrors { get; private set; }

    public LossSum Errors { get; private set; }

    public long Count => Errors.Count;

    public double Rmse => Math.Sqrt(SquaredErrors.Mean);

    public double Mae => AbsoluteErrors.Mean;

    /// <summary>Mean of prediction less truth.</summary>
    public double Bias => Errors.Mean;

    /// <param name="prediction">Finite.</param>
    /// <param name="truth">Finite.</param>
    /// <param name="weight">1 to add the row, −1 to take out one that was added before.</param>
    /// <exception cref="ArgumentOutOfRangeException">The error is not finite.</exception>
    public void Add(double prediction, double truth, int weight = 1)
    {
        var error = prediction - truth;
        if (!double.IsFinite(error))
        {
            throw new ArgumentOutOfRangeException(nameof(prediction), error, "Prediction and truth are finite numbers.");
        }

        SquaredErrors = SquaredErrors.Add(error * error, weight);
        AbsoluteErrors = AbsoluteErrors.Add(Math.Abs(error), weight);
        Errors = Errors.Add(error, weight);
    }

    public void Merge(RegressionPerformance other)
    {
        SquaredErrors += other.SquaredErrors;
        AbsoluteErrors += other.AbsoluteErrors;
        Errors += other.Errors;
    }

    internal void Write(BinaryWriter writer)
    {
        BinaryPerformance.WriteSum(writer, SquaredErrors);
        BinaryPerformance.WriteSum(writer, AbsoluteErrors);
        BinaryPerformance.WriteSum(writer, Errors);
    }

    internal static RegressionPerformance Read(BinaryReader reader) => new()
    {
        SquaredErrors = BinaryPerformance.ReadSum(reader),
        AbsoluteErrors = BinaryPerformance.ReadSum(reader),
        Errors = BinaryPerformance.ReadSum(reader),
    };
}
