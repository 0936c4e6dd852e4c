using Grid.Grains.Balancing;
using static Grid.Balancing.Tests.Support.Maps;

namespace Grid.Balancing.Tests.Decisions;

public sealed class MoveTests
{
    [Fact]
    public void BusySilo_GivesAHotShardToTheOneWithLeastAndSaysWhy()
    {
        var result = Sustained(Map(Silo("a", 3.2, Shard(1, 0.9), Shard(2, 0.5)), Silo("b", 1.6), Silo("c", 0.8)));

        var decision = result.Decisions[0];
        Assert.Equal((DecisionKind.Relieve, "default/acme/1", "a", "c"), (decision.Kind, decision.Subject, decision.From, decision.To));
        Assert.Equal(
            "a is busy at 80 % of its cores, the mean is 46.7 %; the shard takes 0.9 cores, so a falls to 57.5 % and c rises from 20 % to 42.5 %.",
            decision.Reason);
        Assert.Contains(decision.Figures, static f => f is { Name: "source before", Value: 0.8, Unit: "share" });
    }

    [Fact]
    public void BusySilo_IsLeftAloneUntilItHasBeenBusyForAWhile()
    {
        var map = Map(Silo("a", 3.2, Shard(1, 0.9)), Silo("b", 1.6), Silo("c", 0.8));

        var first = Balancer.Decide(map, BalancePolicy.Default, BalanceState.Empty, Now - 9_999);

        Assert.Empty(first.Decisions);
        Assert.Empty(Balancer.Decide(map, BalancePolicy.Default, first.State, Now).Decisions);
        Assert.NotEmpty(Balancer.Decide(map, BalancePolicy.Default, first.State, Now + 1).Decisions);
    }

    [Fact]
    public void OverloadedSilo_DoesNotWait() =>
        Assert.NotEmpty(Balancer.Decide(Map(Silo("a", 3.7, Shard(1, 0.9)), Silo("b", 0.8)), BalancePolicy.Default, BalanceState.Empty, Now).Decisions);

    [Fact]
    public void ShardThatIsTheWholeTrouble_StaysAndTheReasonIsKept()
    {
        var result = Sustained(Map(Silo("a", 3.2, Shard(1, 3.1)), Silo("b", 0.4), Silo("c", 0.4)));

        Assert.Empty(result.Decisions);
        var held = Assert.Single(result.Held);
        Assert.Equal("a", held.Subject);
        Assert.Contains("default/acme/1, takes 3.1 cores", held.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void IdleGrid_MovesNothing() => Assert.Empty(Sustained(Map(Silo("a", 0.1, Shard(1, 0.05)), Silo("b", 0))).Decisions);

    [Fact]
    public void MovedShard_RestsAndItsLoadIsCountedWhereItIs()
    {
        var map = Map(Silo("a", 3.2, Shard(1, 0.9)), Silo("b", 1.6), Silo("c", 0.8));
        var moved = Sustained(map);
        Assert.Single(moved.Decisions);

        // The same report again: smoothed figures show a move late.
        var next = Balancer.Decide(map, BalancePolicy.Default, moved.State, Now);

        Assert.Empty(next.Decisions);
        Assert.Equal(2.3 / 4 / ((3.2 + 1.6 + 0.8) / 12), next.Imbalance, 1e-9);
    }

    [Fact]
    public void FailedMove_CountsWhereItWas()
    {
        var map = Map(Silo("a", 3.2, Shard(1, 0.9)), Silo("b", 1.6), Silo("c", 0.8));
        var failed = Sustained(map).State.WithFailed(Shard(1, 0).Shard);

        var next = Balancer.Decide(map, BalancePolicy.Default, failed, Now);

        Assert.Empty(next.Decisions);
        Assert.Equal(0.8 / ((3.2 + 1.6 + 0.8) / 12), next.Imbalance, 1e-9);
    }

    [Fact]
    public void DrainingSilo_GivesAllAndTakesNothing()
    {
        var draining = Silo("a", 1, Shard(1, 0.4), Shard(2, 0.3), Shard(3, 0)) with { State = SiloState.Draining };

        var result = Balancer.Decide(Map(draining, Silo("b", 2, Shard(4, 1)), Silo("c", 2.6)), BalancePolicy.Default, BalanceState.Empty, Now);

        Assert.Equal(3, result.Decisions.Count);
        Assert.All(result.Decisions, static d => Assert.Equal((DecisionKind.Drain, "a"), (d.Kind, d.From)));
        Assert.All(result.Decisions, static d => Assert.NotEqual("a", d.To));
    }

    [Fact]
    public void LastSilo_KeepsItsShardsWhenItDrains()
    {
        var result = Balancer.Decide(Map(Silo("a", 1, Shard(1, 0.4)) with { State = SiloState.Draining }), BalancePolicy.Default, BalanceState.Empty, Now);

        Assert.Empty(result.Decisions);
        Assert.Contains(result.Held, static h => h.Subject == "default/acme/1");
    }

    [Fact]
    public void JoinedSilo_IsFilled()
    {
        var shards = Enumerable.Range(0, 20).Select(static i => Shard(i, 0.1)).ToArray();
        var result = Sustained(Map(Silo("a", 2, shards[..10]), Silo("b", 2, shards[10..]), Silo("new", 0) with { State = SiloState.Joining }));

        Assert.All(result.Decisions, static d => Assert.Equal("new", d.To));
        Assert.InRange(result.Decisions.Count, 11, 14);
    }

    [Fact]
    public void SiloWithoutRecentReport_TakesNoPart()
    {
        var result = Sustained(Map(Silo("a", 3.2, Shard(1, 0.9)), Silo("b", 2), Silo("gone", 0) with { ReportedAtMs = Now - 10_001 }));

        Assert.All(result.Decisions, static d => Assert.NotEqual("gone", d.To));
        Assert.Contains(result.Held, static h => h.Subject == "gone");
    }

    [Fact]
    public void FullSilo_GivesItsLargestShardAwayAndFullTargetsGetNone()
    {
        var large = Shard(1, 0.1) with { StateBytes = 900 * MiB };
        var full = Silo("a", 1, large, Shard(2, 0.1)) with { MemoryUsedBytes = 7800 * MiB };
        var result = Balancer.Decide(Map(full, Silo("b", 0.5) with { MemoryUsedBytes = 6500 * MiB }, Silo("c", 1)), BalancePolicy.Default, BalanceState.Empty, Now);

        var decision = Assert.Single(result.Decisions);
        Assert.Equal((DecisionKind.RelieveMemory, "default/acme/1", "c"), (decision.Kind, decision.Subject, decision.To));
    }

    [Fact]
    public void ShardThatCallsAfar_GoesToItsModelUnlessThatIsBusy()
    {
        var shard = Shard(1, 0.2, new VersionCalls("default/m/1", 10, 10));
        var version = Version("default/m/1", 1, 1, "b");

        var calm = Balancer.Decide(new LoadMap([Silo("a", 2, shard), Silo("b", 1.8)], [version]), BalancePolicy.Default, BalanceState.Empty, Now);
        var busy = Balancer.Decide(new LoadMap([Silo("a", 1, shard), Silo("b", 3)], [version]), BalancePolicy.Default, BalanceState.Empty, Now);

        var decision = Assert.Single(calm.Decisions);
        Assert.Equal((DecisionKind.JoinReplica, "a", "b"), (decision.Kind, decision.From, decision.To));
        Assert.StartsWith("10 calls/s of its calls leave a; b holds what it calls, so 0 calls/s would", decision.Reason, StringComparison.Ordinal);
        Assert.Empty(busy.Decisions);
        Assert.Contains(busy.Held, static h => h.Subject == "default/acme/1");
    }

    [Fact]
    public void MovesOfALook_StayWithinTheBudget()
    {
        var shards = Enumerable.Range(0, 300).Select(static i => Shard(i, 0.01)).ToArray();
        var map = Map(Silo("a", 3.8, shards), Silo("b", 0.1), Silo("c", 0.1), Silo("d", 0.1));

        Assert.Equal(32, Sustained(map).Decisions.Count);
        Assert.Equal(5, Sustained(map, BalancePolicy.Default with { MovesPerLook = 5 }).Decisions.Count);
        Assert.Equal(6, Sustained(map, BalancePolicy.Default with { BytesPerSilo = 2 * MiB }).Decisions.Count);
    }

    private static LoadMap Map(params SiloLoad[] silos) => new(silos, []);
}
