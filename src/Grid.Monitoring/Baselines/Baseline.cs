using System.Collections.Immutable;
using Grid.Monitoring.Performance;
using Grid.Monitoring.Sketches;
using Grid.Primitives;

namespace Grid.Monitoring.Baselines;

/// <summary>What a version's inputs and outputs looked like in training: the reference of every drift test. Immutable.</summary>
public sealed record Baseline
{
    /// <summary>Bins of a column that the builder makes.</summary>
    public const int DefaultBins = 10;

    public string? Model { get; init; }

    public required long Rows { get; init; }

    /// <summary>Share of positives; null where unknown or not binary.</summary>
    public double? LabelRate { get; init; }

    /// <summary>True where it was learned from the first rows served, not from training: it cannot see what was wrong from the start.</summary>
    public bool Provisional { get; init; }

    /// <summary>In the order of the vector.</summary>
    public required ImmutableArray<ColumnBaseline> Features { get; init; }

    public required ImmutableArray<ColumnBaseline> Outputs { get; init; }

    public PerformanceReference? Performance { get; init; }

    /// <summary>From the output to a probability; null: the output is one.</summary>
    public IsotonicCalibration? Calibration { get; init; }

    /// <summary>Features, then outputs.</summary>
    public IEnumerable<ColumnBaseline> Columns => Features.Concat(Outputs);

    /// <summary>The layout of sketches that can be compared with this baseline.</summary>
    public SketchLayout Layout() => new([.. Features.Select(static c => c.Layout)], [.. Outputs.Select(static c => c.Layout)]);

    /// <summary>Reads a <c>baseline.json</c>.</summary>
    /// <exception cref="GridException">It is not JSON, or breaks the form: every mistake is named.</exception>
    public static Baseline Parse(ReadOnlyMemory<byte> json) => BaselineReader.Read(json);

    /// <summary>The <c>baseline.json</c> of this baseline.</summary>
    public byte[] ToJson() => BaselineWriter.Write(this);

    /// <summary>
    /// A baseline from what was served, for a version that came without one. Edges are deciles of the quantile sketches, and the counts are read off
    /// the same sketches, so both are off by up to 1.33 % of the rows.
    /// </summary>
    /// <param name="seen">Detailed sketches; its own bins are not used.</param>
    /// <param name="bins">Bins of a column, 2 to 100.</param>
    /// <exception cref="GridException">The sketches hold no row or no quantiles.</exception>
    public static Baseline Learn(SketchSet seen, int bins = DefaultBins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, 100);
        if (!seen.Detailed || seen.Rows == 0)
        {
            throw GridError.Invalid("provisional baseline", $"needs quantile sketches of at least one row; these hold {seen.Rows}.").ToException();
        }

        var columns = seen.Columns.Select(c => Learned(c, bins)).ToArray();
        return new Baseline
        {
            Rows = seen.Rows,
            Provisional = true,
            Features = [.. columns.Take(seen.Layout.Features.Length)],
            Outputs = [.. columns.Skip(seen.Layout.Features.Length)],
        };
    }

    private static ColumnBaseline Learned(ColumnSketch column, int bins)
    {
        var sketch = column.Quantiles!;
        var edges = sketch.Count == 0 ? [] : BaselineBuilder.WithoutFirst([.. Enumerable.Range(1, bins - 1).Select(i => sketch.Quantile((double)i / bins))], sketch.Minimum);
        var layout = new Bins(BinRule.LeftClosed, edges);
        var items = sketch.Items();
        var counts = new long[layout.Count];
        for (var i = 0; i < items.Count; i++)
        {
            counts[layout.IndexOf(items.Values[i])] += (long)items.Weights[i];
        }

        return new ColumnBaseline
        {
            Name = column.Name,
            Bins = layout,
            Counts = [.. counts],
            Mean = column.Moments.Mean,
            Deviation = column.Moments.Deviation,
            Minimum = column.Moments.Count > 0 ? column.Moments.Minimum : 0,
            Maximum = column.Moments.Count > 0 ? column.Moments.Maximum : 0,
            Nulls = column.Nulls,
            NotFinite = column.NotFinite,
            Autocorrelation = column.Autocorrelation,
            Quantiles = BaselineBuilder.Quantiles(sketch),
        };
    }
}
