using Grid.Primitives;

namespace Grid.Train.Data;

/// <summary>Labelled rows in the order of their times. Never mutated, but for a fault that a test asks for.</summary>
internal sealed class TrainingSet
{
    private readonly float[] _features;
    private readonly float[] _labels;
    private readonly float[] _weights;

    /// <param name="names">Names of the features.</param>
    /// <param name="features">Row after row; NaN for a missing value.</param>
    /// <param name="labels">A label for each row.</param>
    /// <param name="weights">A weight for each row, or empty.</param>
    /// <param name="timesMs">A time for each row, rising, in Unix milliseconds; or empty, and then the order of the rows stands for it.</param>
    /// <param name="source">Name of the file, and its digest.</param>
    public TrainingSet(string[] names, float[] features, float[] labels, float[] weights, long[] timesMs, (string Name, Digest Digest) source)
    {
        Names = names;
        _features = features;
        _labels = labels;
        _weights = weights;
        TimesMs = timesMs;
        Source = source;
        foreach (var value in features)
        {
            HasMissing |= float.IsNaN(value);
        }
    }

    public IReadOnlyList<string> Names { get; }

    public long[] TimesMs { get; }

    public (string Name, Digest Digest) Source { get; }

    public bool HasMissing { get; }

    public int Count => _labels.Length;

    /// <summary>For tests of the guards only: gives each row the label of another.</summary>
    public void ShuffleLabels(int seed) => new Random(seed).Shuffle(_labels);

    public int Width => Names.Count;

    public TrainingRows Rows(Range range)
    {
        var (start, count) = range.GetOffsetAndLength(Count);
        return new TrainingRows(
            _features.AsSpan(start * Width, count * Width),
            _labels.AsSpan(start, count),
            _weights.Length == 0 ? [] : _weights.AsSpan(start, count),
            Width);
    }

    /// <summary>
    /// Where the validation rows begin, so that they are about this share of all and every one of them is later than every row before:
    /// rows of one time stay together, with the rows to learn from.
    /// </summary>
    public int SplitAt(double validationShare)
    {
        var at = Count - (int)Math.Round(Count * validationShare);
        while (TimesMs.Length > 0 && at > 0 && at < Count && TimesMs[at] == TimesMs[at - 1])
        {
            at++;
        }

        return at;
    }
}
