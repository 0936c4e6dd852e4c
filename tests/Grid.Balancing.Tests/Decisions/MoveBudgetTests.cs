using Grid.Grains.Balancing.Control;

namespace Grid.Balancing.Tests.Decisions;

/// <summary>How many moves a minute has.</summary>
public sealed class MoveBudgetTests
{
    [Fact]
    public void AnyMinute_HasNoMoreThanItsMoves()
    {
        var budget = new MoveBudget(perMinute: 3);
        budget.Spend(0);
        budget.Spend(30_000);
        budget.Spend(59_999);

        Assert.Equal(0, budget.Left(59_999));
        Assert.Equal(1, budget.Left(60_000));
        budget.Spend(60_000);
        Assert.Equal(0, budget.Left(89_999));
        Assert.Equal(1, budget.Left(90_000));
        Assert.Equal(3, budget.Left(500_000));
    }
}
