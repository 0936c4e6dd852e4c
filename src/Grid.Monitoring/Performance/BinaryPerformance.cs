using Grid.Monitoring.Formats;

namespace Grid.Monitoring.Performance;

/// <summary>Performance of a model that gives a probability, against labels: merged by addition, rows can be taken out again, fixed memory (12 KB).</summary>
/// <remarks>
/// The area under the curve comes from 512 bins of score: pairs within a bin count as ties, which moves it by at most half the share of such pairs
/// (under 0.001 for scores that are spread out). Everything else is exact. Not thread-safe.
/// </remarks>
public sealed class BinaryPerformance
{
    internal const int ScoreBins = 512;

    /// <summary>Bins of the calibration table.</summary>
    public const int CalibrationBins = 10;

    private readonly long[] _positives = new long[ScoreBins];
    private readonly long[] _negatives = new long[ScoreBins];
    private readonly double[] _scores = new double[CalibrationBins];

    public long Count => LogLossSum.Count;

    public long Positives => _positives.Sum();

    public LossSum LogLossSum { get; private set; }

    public LossSum BrierSum { get; private set; }

    public double LogLoss => LogLossSum.Mean;

    public double Brier => BrierSum.Mean;

    /// <summary>NaN until both labels were seen.</summary>
    public double Auc => AreaUnderCurve.FromCounts(Array.ConvertAll(_positives, static c => (double)c), Array.ConvertAll(_negatives, static c => (double)c));

    /// <summary>Of the area under the curve, by Hanley and McNeil.</summary>
    public double AucStandardError => AreaUnderCurve.StandardError(Auc, Positives, Count - Positives);

    /// <summary>Mean score less the rate of positives.</summary>
    public double Bias => Count > 0 ? (_scores.Sum() - Positives) / Count : double.NaN;

    /// <summary>Expected calibration error: mean distance of score and rate over the table, weighted by rows.</summary>
    public double CalibrationError => Calibration().Where(static b => b.Count > 0).Sum(b => b.Count * Math.Abs(b.MeanScore - b.Rate)) / Math.Max(1, Count);

    /// <param name="probability">0 to 1.</param>
    /// <param name="label">What happened.</param>
    /// <param name="weight">1 to add the row, −1 to take out one that was added before.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not a number from 0 to 1.</exception>
    public void Add(double probability, bool label, int weight = 1)
    {
        if (!(probability >= 0 && probability <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability is a number from 0 to 1.");
        }

        (label ? _positives : _negatives)[Math.Min((int)(probability * ScoreBins), ScoreBins - 1)] += weight;
        _scores[TableBin(Math.Min((int)(probability * ScoreBins), ScoreBins - 1))] += weight * probability;
        LogLossSum = LogLossSum.Add(Losses.Log(probability, label), weight);
        BrierSum = BrierSum.Add(Losses.Brier(probability, label), weight);
    }

    public void Merge(BinaryPerformance other)
    {
        for (var i = 0; i < ScoreBins; i++)
        {
            _positives[i] += other._positives[i];
            _negatives[i] += other._negatives[i];
        }

        for (var i = 0; i < CalibrationBins; i++)
        {
            _scores[i] += other._scores[i];
        }

        LogLossSum += other.LogLossSum;
        BrierSum += other.BrierSum;
    }

    /// <summary>The calibration table, in rising score.</summary>
    public IReadOnlyList<CalibrationBin> Calibration()
    {
        var positives = new long[CalibrationBins];
        var counts = new long[CalibrationBins];
        for (var i = 0; i < ScoreBins; i++)
        {
            positives[TableBin(i)] += _positives[i];
            counts[TableBin(i)] += _positives[i] + _negatives[i];
        }

        return [.. counts.Select((n, i) => new CalibrationBin(n, n > 0 ? _scores[i] / n : double.NaN, n > 0 ? positives[i] / (double)n : double.NaN))];
    }

    internal void Write(BinaryWriter writer)
    {
        Binary.WriteCounts(writer, _positives);
        Binary.WriteCounts(writer, _negatives);
        foreach (var s in _scores)
        {
            writer.Write(s);
        }

        WriteSum(writer, LogLossSum);
        WriteSum(writer, BrierSum);
    }

    internal static BinaryPerformance Read(BinaryReader reader)
    {
        var read = new BinaryPerformance();
        Binary.ReadCounts(reader, read._positives);
        Binary.ReadCounts(reader, read._negatives);
        for (var i = 0; i < CalibrationBins; i++)
        {
            read._scores[i] = reader.ReadDouble();
        }

        read.LogLossSum = ReadSum(reader);
        read.BrierSum = ReadSum(reader);
        return read;
    }

    internal static void WriteSum(BinaryWriter writer, LossSum sum)
    {
        writer.Write(sum.Count);
        writer.Write(sum.Sum);
        writer.Write(sum.SumOfSquares);
    }

    internal static LossSum ReadSum(BinaryReader reader) => new(reader.ReadInt64(), reader.ReadDouble(), reader.ReadDouble());

    // Whole score bins in a row of the table, so that the table can be made of them.
    private static int TableBin(int scoreBin) => scoreBin * CalibrationBins / ScoreBins;
}
