using Grid.Bench.Measuring;

namespace Grid.Bench.Tests;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(1, 100)]
    [InlineData(0, 1)]
    public void Quantile_IsTheNearestRank(double share, double expected) =>
        Assert.Equal(expected, Statistics.Quantile([.. Enumerable.Range(1, 100).Reverse().Select(static i => (double)i)], share));

    [Fact]
    public void QuantileOfNothing_IsNotANumber() => Assert.True(double.IsNaN(Statistics.Quantile([], 0.5)));

    [Fact]
    public void Aims_AreJudgedByTheirDirection()
    {
        var report = new BenchReport("aims", "what");
        report.AtMost("a", "ratio", 2, 2);
        report.AtMost("b", "ratio", 2.1, 2);
        report.AtLeast("c", "ratio", 5, 5);
        report.AtLeast("d", "ratio", double.NaN, 5);
        Assert.Equal([true, false, true, false], report.Aims.Select(static a => a.IsMet));
    }
}
