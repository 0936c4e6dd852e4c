using Grid.Grains.Balancing.Costs;

namespace Grid.Balancing.Tests.Costs;

/// <summary>What shards were seen to take, against what the process used.</summary>
public sealed class ScaleTests
{
    [Theory]
    [InlineData(1.0, 4.0, 0.25)]
    [InlineData(1.0, 1.0, 1.0)]
    [InlineData(1.0, 0.25, 4.0)]
    [InlineData(1.0, 0.01, 16.0)]
    [InlineData(0.0, 0.5, 0.0)]
    [InlineData(1.0, 0.0, 1.0)]
    public void Shards_AreChargedWhatTheProcessUsed_ButNotManyTimesWhatTheyTook(double used, double seen, double expected) =>
        Assert.Equal(expected, LoadMeter.ScaleOf(used, seen), 1e-12);
}
