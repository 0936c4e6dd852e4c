using Grid.Silo.Health;
using Orleans.Runtime;

namespace Grid.Silo.Tests.Health;

public sealed class HealthRulesTests
{
    private static readonly HealthSigns Well = new()
    {
        IsStarted = true,
        Status = SiloStatus.Active,
        Workers = 2,
        StoreAge = TimeSpan.FromSeconds(1),
        Revision = 7,
    };

    [Fact]
    public void WellSilo_HoldsEveryCondition()
    {
        Assert.All(HealthRules.Vitals(Well), static c => Assert.True(c.Holds, c.Name));
        Assert.All(HealthRules.Conditions(Well), static c => Assert.True(c.Holds, c.Name));
    }

    [Fact]
    public void SiloThatOthersDeclaredDead_IsNotLive_UnlessItStopsOrHasNotJoined()
    {
        var dead = Well with { Status = SiloStatus.Dead };
        Assert.False(Holds(HealthRules.Vitals(dead), "membership"));
        Assert.True(Holds(HealthRules.Vitals(dead with { IsStopping = true }), "membership"));
        Assert.True(Holds(HealthRules.Vitals(dead with { IsStarted = false }), "membership"));
        Assert.True(Holds(HealthRules.Vitals(Well with { Status = SiloStatus.ShuttingDown }), "membership"));
    }

    [Fact]
    public void WorkersThatNeverComeFree_AreNotLive_PastTheLimitOnly()
    {
        var busy = Well with { BusyWorkers = 2, AllWorkersBusyFor = HealthRules.StuckLimit };
        Assert.True(Holds(HealthRules.Vitals(busy), "workers"));
        var stuck = HealthRules.Vitals(busy with { AllWorkersBusyFor = HealthRules.StuckLimit + TimeSpan.FromSeconds(1) });
        Assert.False(Holds(stuck, "workers"));
        Assert.Contains("all 2 in a run, none came free for 121.0 s", stuck.Select(static c => c.Detail));
    }

    [Fact]
    public void StoreThatIsAway_DegradesAndTakesNoTrafficAway_AndNeverRestartsAnything()
    {
        var away = Well with { StoreAge = HealthRules.StoreLimit + TimeSpan.FromSeconds(1) };
        var store = Assert.Single(HealthRules.Conditions(away), static c => !c.Holds);
        Assert.Equal(("store", false, "confirmed 11.0 s ago"), (store.Name, store.IsRequired, store.Detail));
        Assert.All(HealthRules.Vitals(away), static c => Assert.True(c.Holds));
    }

    [Fact]
    public void VersionThatFailed_DegradesOnly_WhileOneThatLoadsKeepsTrafficAway()
    {
        var failed = Assert.Single(HealthRules.Conditions(Well with { Failed = ["default/a/1"] }), static c => !c.Holds);
        Assert.Equal(("versions", false), (failed.Name, failed.IsRequired));
        var loading = Assert.Single(HealthRules.Conditions(Well with { Loading = ["default/b/2"] }), static c => !c.Holds);
        Assert.Equal(("models", true, "loading: default/b/2"), (loading.Name, loading.IsRequired, loading.Detail));
    }

    [Theory]
    [InlineData(false, false, "starting")]
    [InlineData(true, true, "stopping")]
    public void SiloThatStartsOrStops_IsNotReady(bool started, bool stopping, string detail)
    {
        var silo = HealthRules.Conditions(Well with { IsStarted = started, IsStopping = stopping }).First(static c => c.Name == "silo");
        Assert.Equal((false, true, detail), (silo.Holds, silo.IsRequired, silo.Detail));
    }

    [Fact]
    public void SiloThatNeverReadTheCatalogue_IsNotReady()
    {
        var conditions = HealthRules.Conditions(Well with { StoreAge = null });
        Assert.Equal(["catalogue", "store"], conditions.Where(static c => !c.Holds).Select(static c => c.Name));
        Assert.True(conditions.First(static c => c.Name == "catalogue").IsRequired);
    }

    private static bool Holds(IReadOnlyList<HealthCondition> conditions, string name) => conditions.Single(c => c.Name == name).Holds;
}
