using CsCheck;
using Grid.Grains.Balancing.Costs;

namespace Grid.Balancing.Tests.Costs;

/// <summary>The sketch against exact sums.</summary>
public sealed class HeavyHitterLaws
{
    private const double Rounding = 1e-9;

    private static readonly Gen<(int Key, double Weight, bool Fades)[]> s_streams =
        Gen.Select(Gen.Int[0, 40].Select(Gen.Int[0, 40], static (a, b) => Math.Min(a, b)), Gen.Double[0, 100], Gen.Int[0, 15])
            .Select(static (key, weight, fades) => (key, weight, fades == 0))
            .Array[0, 400];

    [Fact]
    public void Weight_IsNeverUnderTheTruth_NorOverItByMoreThanItsError() => Gen.Select(s_streams, Gen.Int[1, 12]).Sample((stream, capacity) =>
    {
        var (sketch, exact) = Run(stream, capacity);
        Assert.True(sketch.Count <= capacity);
        foreach (var (key, truth) in exact)
        {
            var (sure, most) = sketch.Find(key);
            if (most > 0)
            {
                Assert.True(sure <= truth + Rounding, $"{key}: {sure} for sure, {truth} in truth");
                Assert.True(most >= truth - Rounding, $"{key}: {most} at most, {truth} in truth");
            }
        }
    });

    [Fact]
    public void KeyOverItsShare_IsKept() => Gen.Select(s_streams, Gen.Int[1, 12]).Sample((stream, capacity) =>
    {
        var (sketch, exact) = Run(stream, capacity);
        var total = exact.Values.Sum();
        Assert.Equal(total, sketch.Total, Rounding * Math.Max(1, total));
        foreach (var (key, truth) in exact)
        {
            Assert.True(truth <= (total / capacity) + Rounding || sketch.Find(key).Most > 0, $"{key} with {truth} of {total} is not among {capacity}");
        }
    });

    [Fact]
    public void Entries_AreWhatFindSays() => Gen.Select(s_streams, Gen.Int[1, 12]).Sample((stream, capacity) =>
    {
        var (sketch, _) = Run(stream, capacity);
        Assert.Equal(sketch.Count, sketch.Entries().Select(static e => e.Key).Distinct().Count());
        Assert.All(sketch.Entries(), entry => Assert.Equal(sketch.Find(entry.Key).Sure, entry.Sure));
    });

    [Fact]
    public void WeightThatIsNone_ChangesNothing()
    {
        var sketch = new HeavyHitters<string>(2);
        sketch.Add("a", 0);
        sketch.Add("a", -1);
        sketch.Add("a", double.NaN);
        Assert.Equal((0, 0.0), (sketch.Count, sketch.Total));
    }

    private static (HeavyHitters<int> Sketch, Dictionary<int, double> Exact) Run((int Key, double Weight, bool Fades)[] stream, int capacity)
    {
        var sketch = new HeavyHitters<int>(capacity);
        var exact = new Dictionary<int, double>();
        foreach (var (key, weight, fades) in stream)
        {
            if (fades)
            {
                sketch.Scale(0.5);
                foreach (var known in exact.Keys)
                {
                    exact[known] *= 0.5;
                }
            }

            sketch.Add(key, weight);
            exact[key] = exact.GetValueOrDefault(key) + weight;
        }

        return (sketch, exact);
    }
}
