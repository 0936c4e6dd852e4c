using Grid.Grains.Balancing;
using static Grid.Balancing.Tests.Support.Maps;

namespace Grid.Balancing.Tests.Decisions;

public sealed class ReplicaTests
{
    private const string Name = "default/m/1";

    [Fact]
    public void MissingMinimum_IsMadeUpAtOnceInOtherZones()
    {
        var map = new LoadMap([Silo("a", 1) with { Zone = "x" }, Silo("b", 0) with { Zone = "x" }, Silo("c", 2) with { Zone = "y" }], [Version(Name, 2, 3, "a")]);

        var decision = Assert.Single(Decide(map).Decisions);

        Assert.Equal((DecisionKind.AddReplica, Name, null, "c"), (decision.Kind, decision.Subject, decision.From, decision.To));
        Assert.StartsWith("It has 1 replicas and needs 2 (minimum 2)", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Replica_GoesOnlyWhereItFitsAndTheLabelsAre()
    {
        var version = Version(Name, 1, 3) with { Requires = ["provider=cuda"] };
        var full = Silo("a", 0) with { Labels = ["provider=cuda"], MemoryUsedBytes = 7000 * MiB };
        var plain = Silo("b", 0);

        Assert.Equal("c", Assert.Single(Decide(new LoadMap([full, plain, Silo("c", 3) with { Labels = ["provider=cuda"] }], [version])).Decisions).To);

        var none = Decide(new LoadMap([full, plain], [version]));
        Assert.Empty(none.Decisions);
        Assert.Contains("fit nowhere", Assert.Single(none.Held).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void MuchCalledVersion_GetsReplicasByLoad()
    {
        // 50,000 calls/s of 100 µs are 5 cores: 3 replicas at 2 cores each.
        var busy = Shard(1, 1, new VersionCalls(Name, 50_000, 0));
        var result = Sustained(new LoadMap([Silo("a", 2, busy), Silo("b", 2), Silo("c", 2), Silo("d", 2)], [Version(Name, 1, 8, "a")]));

        Assert.Equal(2, result.Decisions.Count(static d => d.Kind == DecisionKind.AddReplica));
        Assert.Contains("5 cores, which is work for 3 replicas at 50 % of a silo each, and it has 1", result.Decisions[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void SiloThatCallsMuchFromAfar_GetsAReplicaAndItsShardsStay()
    {
        var shard = Shard(1, 0.2, new VersionCalls(Name, 50, 50));
        var map = new LoadMap([Silo("a", 2, shard), Silo("b", 2)], [Version(Name, 1, 2, "b")]);

        // Held by the sustained wish at first, where moving the shard would be the wrong answer to a wish for a replica.
        var policy = BalancePolicy.Default with { MinRemotePerSecond = 100 };
        var decision = Assert.Single(Sustained(map, policy).Decisions);
        Assert.Equal((DecisionKind.AddReplica, "a"), (decision.Kind, decision.To));
        Assert.StartsWith("a sends 50 calls/s to other silos", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void IdleVersion_FallsToItsMinimum()
    {
        LoadMap Map(int min) => new([Silo("a", 1), Silo("b", 1)], [Version(Name, min, 4, "a", "b") with { LastCallMs = Now - 600_000 }]);

        Assert.Equal(2, Decide(Map(0)).Decisions.Count(static d => d.Kind == DecisionKind.RemoveReplica));
        Assert.Single(Decide(Map(1)).Decisions);
        Assert.Empty(Decide(Map(2)).Decisions);
        Assert.Empty(Decide(Map(0) with { Versions = [Version(Name, 0, 4, "a", "b") with { LastCallMs = Now - 599_999 }] }).Decisions);
    }

    [Fact]
    public void VersionThatIsCalledAgain_ComesBack() =>
        Assert.Equal("a", Assert.Single(Decide(new LoadMap([Silo("a", 1, Shard(1, 0.1, new VersionCalls(Name, 1, 1))), Silo("b", 0)], [Version(Name, 0, 4)])).Decisions).To);

    [Fact]
    public void MoreThanTheMaximum_GoesWhereItIsCalledLeast()
    {
        var shard = Shard(1, 0.1, new VersionCalls(Name, 100, 0));
        var decision = Assert.Single(Decide(new LoadMap([Silo("a", 1, shard), Silo("b", 1)], [Version(Name, 1, 1, "a", "b")])).Decisions);

        Assert.Equal((DecisionKind.RemoveReplica, "b"), (decision.Kind, decision.From));
    }

    [Fact]
    public void UnusedReplica_LeavesOnlyAfterAWhile()
    {
        var shard = Shard(1, 0.1, new VersionCalls(Name, 100, 0));
        var map = new LoadMap([Silo("a", 1, shard), Silo("b", 1)], [Version(Name, 1, 4, "a", "b")]);
        var state = Decide(map).State;
        Assert.Empty(Balancer.Decide(Later(map, 299_999), BalancePolicy.Default, state, Now + 299_999).Decisions);

        var decision = Assert.Single(Balancer.Decide(Later(map, 300_000), BalancePolicy.Default, state, Now + 300_000).Decisions);

        Assert.Equal((DecisionKind.RemoveReplica, "b"), (decision.Kind, decision.From));
    }

    [Fact]
    public void ReplicaOnADrainingSilo_IsReplacedFirst()
    {
        var map = new LoadMap([Silo("a", 1) with { State = SiloState.Draining }, Silo("b", 1)], [Version(Name, 1, 4, "a")]);

        Assert.Equal((DecisionKind.AddReplica, "b"), (Decide(map).Decisions[0].Kind, Decide(map).Decisions[0].To));
    }

    [Fact]
    public void IdleTimeOfAVersion_IsItsOwn_AndFadingRatesBringNothingBack()
    {
        // The rates still show a call of a minute ago; the silo that had it last says when that was.
        var fading = Shard(1, 0.1, new VersionCalls(Name, 0.001, 0));
        var map = new LoadMap([Silo("a", 1, fading), Silo("b", 1)], [Version(Name, 0, 2, "a") with { LastCallMs = Now - 60_000, IdleAfterMs = 60_000 }]);

        var removed = Assert.Single(Decide(map).Decisions);
        Assert.Equal((DecisionKind.RemoveReplica, "a"), (removed.Kind, removed.From));
        Assert.StartsWith("Nobody has called it for 60 s", removed.Reason, StringComparison.Ordinal);
        Assert.Empty(Decide(map with { Versions = [map.Versions[0] with { IdleAfterMs = 60_001 }] }).Decisions);

        var gone = new LoadMap(map.Silos, [Version(Name, 0, 2) with { LastCallMs = 0, IdleAfterMs = 60_000 }]);
        Assert.Empty(Sustained(gone).Decisions);
        Assert.Single(Decide(new LoadMap(map.Silos, [Version(Name, 1, 2) with { LastCallMs = 0, IdleAfterMs = 60_000 }])).Decisions);
    }

    [Fact]
    public void ReplicaThatARequestLoaded_IsKept_AndCounts()
    {
        var asked = Version(Name, 1, 1) with { Replicas = [new WantedReplica("b", IsReady: true, IsPlanned: false)] };
        var decision = Assert.Single(Decide(new LoadMap([Silo("a", 1), Silo("b", 1)], [asked])).Decisions);

        Assert.Equal((DecisionKind.AddReplica, "b"), (decision.Kind, decision.To));
        Assert.StartsWith("A request loaded it on b", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void OfTooManyReplicas_OneThatDoesNotServeGoesFirst()
    {
        var shard = Shard(1, 0.1, new VersionCalls(Name, 100, 0));
        var version = Version(Name, 1, 1) with { Replicas = [new WantedReplica("a", IsReady: false), new WantedReplica("b", IsReady: true)] };

        Assert.Equal("a", Assert.Single(Decide(new LoadMap([Silo("a", 1, shard), Silo("b", 1)], [version])).Decisions).From);
    }

    [Fact]
    public void OnlyReplicaThatServes_StaysUntilAnotherOneDoes()
    {
        // Its silo is nearly out of memory, and one of the two would be enough.
        var full = Silo("b", 1) with { MemoryUsedBytes = 7700 * MiB };
        var version = Version(Name, 1, 4) with { Replicas = [new WantedReplica("a", IsReady: false), new WantedReplica("b", IsReady: true)] };
        var map = new LoadMap([Silo("a", 1), full], [version]);

        var result = Decide(map);
        Assert.Empty(result.Decisions);
        Assert.Contains(result.Held, static held => held.Reason.Contains("none besides the one on b serves yet", StringComparison.Ordinal));
        Assert.Equal("b", Assert.Single(Decide(map with { Versions = [Version(Name, 1, 4, "a", "b")] }).Decisions).From);
    }

    private static BalanceResult Decide(LoadMap map) => Balancer.Decide(map, BalancePolicy.Default, BalanceState.Empty, Now);

    private static LoadMap Later(LoadMap map, long byMs) => map with
    {
        Silos = [.. map.Silos.Select(s => s with { ReportedAtMs = s.ReportedAtMs + byMs })],
        Versions = [.. map.Versions.Select(v => v with { LastCallMs = v.LastCallMs + byMs })],
    };
}
