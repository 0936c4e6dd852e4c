using Grid.Abstractions;
using Grid.Grains.Balancing;
using Grid.Grains.Balancing.Control;

namespace Grid.Balancing.Tests.Decisions;

/// <summary>Settings of the balancer: defaults, and both sides of each bound.</summary>
public sealed class BalancerOptionTests
{
    [Fact]
    public void Defaults_AreInRange_AndThoseOfThePolicy()
    {
        var options = new BalancerOptions();
        Assert.Empty(Errors(options));
        Assert.Equal((BalanceMode.On, TimeSpan.FromSeconds(10), 4, 120), (options.Mode, options.Period, options.MovesAtOnce, options.MovesPerMinute));
        Assert.Equal(BalancePolicy.Default, options.ToPolicy());
    }

    [Fact]
    public void Bounds_AreIn_AndWhatLiesBeyondIsNamed()
    {
        Assert.Empty(Errors(new BalancerOptions { Period = TimeSpan.FromSeconds(1), Sustain = TimeSpan.Zero, HalfLife = TimeSpan.FromSeconds(1), CoolDown = TimeSpan.FromSeconds(1), MovesAtOnce = 1, MovesPerMinute = 1, MinGapShare = 0.001 }));
        Assert.Empty(Errors(new BalancerOptions { Period = TimeSpan.FromMinutes(10), Sustain = TimeSpan.FromHours(1), HalfLife = TimeSpan.FromMinutes(5), CoolDown = TimeSpan.FromDays(1), MovesAtOnce = 32, MovesPerMinute = 100_000, MinGapShare = 1 }));

        var errors = Errors(new BalancerOptions
        {
            Mode = (BalanceMode)9,
            Period = TimeSpan.FromMilliseconds(999),
            Sustain = TimeSpan.FromTicks(-1),
            HalfLife = TimeSpan.Zero,
            CoolDown = TimeSpan.FromDays(1) + TimeSpan.FromTicks(1),
            MovesAtOnce = 33,
            MovesPerMinute = 0,
            MinGapShare = double.NaN,
        });
        Assert.Equal(8, errors.Count);
        string[] names = ["Mode", "Period", "Sustain", "HalfLife", "CoolDown", "MovesAtOnce", "MovesPerMinute", "MinGapShare"];
        Assert.All(names, name => Assert.Contains(errors, error => error.StartsWith($"Grid:Balancer:{name} is ", StringComparison.Ordinal)));
    }

    private static List<string> Errors(BalancerOptions options)
    {
        var errors = new List<string>();
        options.Check("Grid:Balancer", errors);
        return errors;
    }
}
