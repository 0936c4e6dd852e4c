using Grid.Monitoring.Formats;

namespace Grid.Monitoring.Sketches;

/// <summary>What was seen of one column: merged by addition. Not thread-safe.</summary>
public sealed class ColumnSketch
{
    private readonly ColumnLayout _layout;
    private readonly long[] _bins;
    private double _repeatSquares;
    private long _repeatPairs;

    /// <param name="layout">Bins and range.</param>
    /// <param name="detailed">Quantiles and distinct values too, for 10 KB more.</param>
    public ColumnSketch(ColumnLayout layout, bool detailed)
    {
        _layout = layout;
        _bins = new long[layout.Bins.Count];
        Quantiles = detailed ? new KllSketch() : null;
        Distinct = detailed ? new HyperLogLog() : null;
    }

    public string Name => _layout.Name;

    /// <summary>Rows in each bin; missing and non-finite values are in none.</summary>
    public IReadOnlyList<long> Bins => _bins;

    internal ReadOnlySpan<long> BinCounts => _bins;

    /// <summary>Of finite values.</summary>
    public Moments Moments { get; private set; } = new();

    /// <summary>Rows where the value was missing.</summary>
    public long Nulls { get; private set; }

    /// <summary>Rows where it was NaN or infinite.</summary>
    public long NotFinite { get; private set; }

    /// <summary>Rows outside the baseline's range.</summary>
    public long OutOfRange { get; private set; }

    /// <summary>Rows with a category that the baseline does not know; zero for numbers.</summary>
    public long NewCategories => _layout.Bins.Rule == BinRule.Categories ? _bins[^1] : 0;

    public KllSketch? Quantiles { get; private set; }

    public HyperLogLog? Distinct { get; private set; }

    public long Rows => Moments.Count + Nulls + NotFinite;

    /// <summary>
    /// How much a value repeats the one before it in its group, 0 to 1: the lag-one autocorrelation, from the mean square of successive differences
    /// (von Neumann's ratio), which adds up over silos as sums of products about a mean would not.
    /// </summary>
    public double Autocorrelation =>
        _repeatPairs > 0 && Moments.Variance > 0 ? Math.Clamp(1 - (_repeatSquares / _repeatPairs / (2 * Moments.Variance)), 0, 1) : 0;

    /// <summary>Rows of which the one before in their group is known.</summary>
    internal long RepeatPairs => _repeatPairs;

    public void Add(double value)
    {
        if (!double.IsFinite(value))
        {
            NotFinite++;
            return;
        }

        _bins[_layout.Bins.IndexOf(value)]++;
        Moments.Add(value);
        Quantiles?.Add(value);
        Distinct?.Add(value);
        if (value < _layout.Low || value > _layout.High)
        {
            OutOfRange++;
        }
    }

    public void AddNull() => Nulls++;

    /// <summary>Records that a value followed another in the same group.</summary>
    public void AddRepeat(double before, double value)
    {
        var d = value - before;
        if (double.IsFinite(d))
        {
            _repeatSquares += d * d;
            _repeatPairs++;
        }
    }

    /// <summary>Begins anew, for another use of its memory. Only one without quantiles.</summary>
    internal void Clear()
    {
        Array.Clear(_bins);
        Moments = new Moments();
        (Nulls, NotFinite, OutOfRange, _repeatSquares, _repeatPairs) = (0, 0, 0, 0, 0);
    }

    public void Merge(ColumnSketch other)
    {
        for (var i = 0; i < _bins.Length; i++)
        {
            _bins[i] += other._bins[i];
        }

        Moments.Merge(other.Moments);
        Nulls += other.Nulls;
        NotFinite += other.NotFinite;
        OutOfRange += other.OutOfRange;
        _repeatSquares += other._repeatSquares;
        _repeatPairs += other._repeatPairs;
        if (other.Quantiles is not null)
        {
            Quantiles?.Merge(other.Quantiles);
            Distinct?.Merge(other.Distinct!);
        }
    }

    internal void Write(BinaryWriter writer)
    {
        Binary.WriteCounts(writer, _bins);
        Moments.Write(writer);
        Binary.WriteCounts(writer, [Nulls, NotFinite, OutOfRange, _repeatPairs]);
        writer.Write(_repeatSquares);
        Quantiles?.Write(writer);
        Distinct?.Write(writer);
    }

    internal static ColumnSketch Read(BinaryReader reader, ColumnLayout layout, bool detailed)
    {
        var sketch = new ColumnSketch(layout, detailed);
        Binary.ReadCounts(reader, sketch._bins);
        sketch.Moments = Moments.Read(reader);
        sketch.Nulls = Binary.ReadCount(reader);
        sketch.NotFinite = Binary.ReadCount(reader);
        sketch.OutOfRange = Binary.ReadCount(reader);
        sketch._repeatPairs = Binary.ReadCount(reader);
        sketch._repeatSquares = reader.ReadDouble();
        if (detailed)
        {
            sketch.Quantiles = KllSketch.Read(reader);
            sketch.Distinct = HyperLogLog.Read(reader);
        }

        return sketch;
    }
}
