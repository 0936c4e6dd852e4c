using CsCheck;
using Grid.Monitoring.Sketches;
using Grid.Primitives;

namespace Grid.Monitoring.Tests.Sketches;

public sealed class SketchLawTests
{
    private static readonly SketchLayout Layout = new(
        [new ColumnLayout("x", new Bins(BinRule.LeftClosed, [-1, 0, 1, 10]), -5, 5), new ColumnLayout("kind", new Bins(BinRule.Categories, [1, 2, 3]))],
        [new ColumnLayout("p", new Bins(BinRule.RightClosed, [0.25, 0.5, 0.75]), 0, 1)]);

    private static readonly Gen<float> Value = Gen.Frequency((8, Gen.Float[-20, 20]), (1, Gen.Const(float.NaN)), (1, Gen.Const(0f)));

    private static readonly Gen<(float[] Row, ulong Missing)[]> Rows = Gen.Select(Gen.Select(Value, Gen.Int[0, 4], Gen.Float[0, 1], static (x, k, p) => new float[] { x, k, p }), Gen.ULong[0, 7]).Array[0, 300];

    [Fact]
    public void Merging_IsAddition() => Gen.Select(Rows, Rows, Rows).Sample(static (a, b, c) =>
    {
        var all = Of([.. a, .. b, .. c]);
        SketchSet left = Of(a), right = Of(b);
        left.Merge(Of(b));
        left.Merge(Of(c));
        right.Merge(Of(c));
        var other = Of(a);
        other.Merge(right);
        return Same(all, left) && Same(left, other);
    });

    [Fact]
    public void Merging_Commutes() => Gen.Select(Rows, Rows).Sample(static (a, b) =>
    {
        SketchSet ab = Of(a), ba = Of(b);
        ab.Merge(Of(b));
        ba.Merge(Of(a));
        return Same(ab, ba);
    });

    [Fact]
    public void Bytes_GiveBackTheSketch() => Rows.Sample(static rows =>
    {
        var bytes = Of(rows).ToBytes();
        Assert.Equal(bytes, SketchSet.FromBytes(bytes, Layout).ToBytes());
    });

    [Fact]
    public void DamagedBytes_AreRefusedByName() => Gen.Select(Rows, Gen.Int[0, 1 << 20], Gen.Byte[1, 255]).Sample(static (rows, at, flip) =>
    {
        var bytes = Of(rows).ToBytes();
        bytes[at % bytes.Length] ^= flip;
        var e = Assert.Throws<GridException>(() => SketchSet.FromBytes(bytes, Layout));
        Assert.Contains("sketch", e.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void AnotherLayout_IsRefused_AndNothingChanges()
    {
        var set = Of([([1, 1, 0.5f], 0)]);
        var before = set.ToBytes();
        Assert.Throws<GridException>(() => set.Merge(new SketchSet(SketchLayout.Unbinned(["x", "kind"], ["p"]))));
        Assert.Equal(before, set.ToBytes());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Quantiles_StayWithinTheirBound_MergedOrNot(int parts)
    {
        const int N = 100_000;
        var random = new Random(5);
        double[] values = [.. Enumerable.Range(0, N).Select(_ => Math.Exp(random.NextDouble() * 10))];
        var merged = new KllSketch();
        foreach (var part in values.Chunk(N / parts))
        {
            var sketch = new KllSketch();
            Array.ForEach(part, sketch.Add);
            merged.Merge(sketch);
        }

        Assert.Equal(N, merged.Count);
        Assert.Equal(N, merged.Items().TotalWeight);
        Assert.True(merged.Held < 4 * KllSketch.DefaultK, $"{merged.Held} values held");
        Array.Sort(values);
        for (var q = 1; q < 100; q++)
        {
            // Three times the published single-sided error of 1.33 %.
            Assert.Equal(q / 100.0, merged.Rank(values[q * (N / 100)]), 0.04);
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(3000)]
    [InlineData(200_000)]
    public void DistinctCounts_StayWithinFourStandardErrors(int distinct)
    {
        var sketch = new HyperLogLog();
        for (var i = 0; i < 2 * distinct; i++)
        {
            sketch.Add(i % distinct * 0.37);
        }

        Assert.Equal(distinct, sketch.Estimate(), 4 * 0.01625 * distinct);
    }

    [Fact]
    public void RepeatingValues_AreWorthFewSamples()
    {
        // An autoregressive series with r = 0.9, for which (1 - r) / (1 + r) is 1/19.
        var random = new Random(11);
        var sketch = new ColumnSketch(new ColumnLayout("x", new Bins(BinRule.LeftClosed, [])), detailed: false);
        double x = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var next = (0.9 * x) + (random.NextDouble() - 0.5);
            sketch.AddRepeat(x, next);
            sketch.Add(next);
            x = next;
        }

        Assert.Equal(0.9, sketch.Autocorrelation, 0.01);
        Assert.Equal(100_000 / 19.0, Monitoring.Windows.ColumnTest.EffectiveSamples(100_000, 0.9), 1.0);
    }

    private static SketchSet Of((float[] Row, ulong Missing)[] rows)
    {
        var set = new SketchSet(Layout);
        foreach (var (row, missing) in rows)
        {
            set.AddRow(row, [missing]);
        }

        return set;
    }

    private static bool Same(SketchSet a, SketchSet b) => a.Rows == b.Rows && a.Columns.Zip(b.Columns).All(static p =>
        p.First.Bins.SequenceEqual(p.Second.Bins) && p.First.Nulls == p.Second.Nulls && p.First.NotFinite == p.Second.NotFinite && p.First.OutOfRange == p.Second.OutOfRange
        && p.First.Moments.Count == p.Second.Moments.Count && Math.Abs(p.First.Moments.Mean - p.Second.Moments.Mean) < 1e-9 && Math.Abs(p.First.Moments.Variance - p.Second.Moments.Variance) < 1e-7
        && p.First.Distinct!.Estimate().Equals(p.Second.Distinct!.Estimate()) && p.First.Quantiles!.Items().TotalWeight.Equals(p.Second.Quantiles!.Items().TotalWeight));
}
