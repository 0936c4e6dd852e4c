using Grid.Abstractions;
using Grid.Grains.Placement;

namespace Grid.Grains.Tests.Placement;

public sealed class SiloWeightTests
{
    private static readonly SiloInfo s_idle = new() { Name = "a", Address = "a", Cores = 8, MemoryLimitBytes = 100 };

    [Theory]
    [InlineData(0, 8)]
    [InlineData(1.9, 8)]
    [InlineData(2.1, 6)]
    [InlineData(4.1, 4)]
    [InlineData(7.9, 2)]
    [InlineData(8, 2)]
    [InlineData(9, 2)]
    public void FreeCores_CountInSteps(double used, double weight) =>
        Assert.Equal(weight, SiloWeights.Of(s_idle with { UsedCores = used }, TimeSpan.Zero));

    [Theory]
    [InlineData(SiloPhase.Draining)]
    [InlineData(SiloPhase.Drained)]
    public void SiloThatLeaves_IsGivenNothing(SiloPhase phase) =>
        Assert.Equal(0, SiloWeights.Of(s_idle with { Phase = phase }, TimeSpan.Zero));

    [Fact]
    public void SiloThatWasNotHeardOf_OrIsFull_IsGivenLittle()
    {
        Assert.Equal(8, SiloWeights.Of(s_idle, TimeSpan.FromSeconds(5)));
        Assert.Equal(0.8, SiloWeights.Of(s_idle, TimeSpan.FromSeconds(5.1)), 6);
        Assert.Equal(0.8, SiloWeights.Of(s_idle with { MemoryUsedBytes = 91 }, TimeSpan.Zero), 6);
    }

    [Fact]
    public void SiloThatHasJustJoined_IsGivenSomething() => Assert.True(SiloWeights.Of(null, TimeSpan.Zero) > 0);
}
