using CsCheck;
using Grid.Grains.Balancing;
using static Grid.Balancing.Tests.Support.Maps;

namespace Grid.Balancing.Tests.Decisions;

/// <summary>What holds for any map.</summary>
public sealed class DecisionLaws
{
    private static readonly Gen<LoadMap> AnyMap =
        from silos in Gen.Int[1, 8]
        from versions in Gen.Int[0, 5]
        from seed in Gen.Int
        select Make(silos, versions, new Random(seed));

    [Fact]
    public void SameInput_SameDecisionsWhateverTheOrder() => AnyMap.Select(Gen.Int).Sample((map, seed) =>
    {
        var random = new Random(seed);
        T[] Shuffled<T>(IEnumerable<T> items)
        {
            var array = items.ToArray();
            random.Shuffle(array);
            return array;
        }

        var shuffled = new LoadMap(
            Shuffled(map.Silos.Select(s => s with { Hot = Shuffled(s.Hot), Calls = Shuffled(s.Calls) })),
            Shuffled(map.Versions.Select(v => v with { Replicas = Shuffled(v.Replicas) })));

        Assert.Equal(Texts(Sustained(map)), Texts(Sustained(shuffled)));
    });

    [Fact]
    public void Decisions_MoveWhatIsThereOnceToWhereItMayBe() => AnyMap.Sample(map =>
    {
        var result = Sustained(map);
        var usable = map.Silos.Where(static s => s.State != SiloState.Draining).Select(static s => s.Silo).ToHashSet();
        var home = map.Silos.SelectMany(static s => s.Hot.Select(h => (Shard: h.Shard.ToString(), s.Silo))).ToDictionary(static h => h.Shard, static h => h.Silo);
        var moves = result.Decisions.Where(static d => d.IsMove).ToArray();

        Assert.Equal(moves.Length, moves.Select(static m => m.Subject).Distinct().Count());
        Assert.All(moves, m => Assert.Equal(home[m.Subject], m.From));
        Assert.All(moves, static m => Assert.NotEqual(m.From, m.To));
        Assert.All(result.Decisions.Where(static d => d.To is not null), d => Assert.Contains(d.To!, usable));
        Assert.All(result.Decisions, static d => Assert.False(string.IsNullOrWhiteSpace(d.Reason)));
        Assert.Equal(result.Decisions.Select((d, i) => result.Decisions[0].Id + i), result.Decisions.Select(static d => d.Id));
        foreach (var version in map.Versions)
        {
            var on = version.Replicas.Select(static r => r.Silo).ToHashSet();
            foreach (var change in result.Decisions.Where(d => d.Subject == version.Version))
            {
                Assert.True(change.Kind == DecisionKind.AddReplica ? on.Add(change.To!) : on.Remove(change.From!), $"{change.Kind} of {version.Version} on {change.To ?? change.From}");
            }

            var added = result.Decisions.Any(d => d.Subject == version.Version && d.Kind == DecisionKind.AddReplica);
            Assert.True(!added || on.Count(usable.Contains) <= version.MaxReplicas, $"{version.Version} has {on.Count}");
        }
    });

    [Fact]
    public void Decisions_NeverFillASiloBeyondItsMemory() => AnyMap.Sample(map =>
    {
        var memory = map.Silos.ToDictionary(static s => s.Silo, static s => s.MemoryUsedBytes);
        var bytes = map.Silos.SelectMany(static s => s.Hot).ToDictionary(static h => h.Shard.ToString(), static h => h.StateBytes);
        foreach (var version in map.Versions)
        {
            bytes.Add(version.Version, version.MemoryBytes);
        }

        // The marks of an earlier look and none of its moves: this map does not show any.
        var before = Balancer.Decide(map, BalancePolicy.Default, BalanceState.Empty, Now - BalancePolicy.Default.SustainMs).State with { Moves = BalanceState.Empty.Moves };
        foreach (var decision in Balancer.Decide(map, BalancePolicy.Default, before, Now).Decisions)
        {
            if (decision.From is { } from)
            {
                memory[from] -= bytes[decision.Subject];
            }

            if (decision.To is { } to)
            {
                memory[to] += bytes[decision.Subject];
                Assert.True(memory[to] <= 0.85 * 8192 * MiB, $"{to} holds {memory[to]} after {decision.Reason}");
            }
        }
    });

    private static string[] Texts(BalanceResult result) =>
        [.. result.Decisions.Select(static d => $"{d.Id} {d.Kind} {d.Subject} {d.From} {d.To} {d.Reason} {string.Join(' ', d.Figures)}"), .. result.Held.Select(static h => h.ToString())];

    private static LoadMap Make(int siloCount, int versionCount, Random random)
    {
        var versions = Enumerable.Range(0, versionCount).Select(static v => $"default/m{v}/1").ToArray();
        var shard = 0;
        var silos = Enumerable.Range(0, siloCount).Select(i =>
        {
            var hot = Enumerable.Range(0, random.Next(12)).Select(_ => Shard(shard++, random.NextDouble() * 0.5, [.. versions.Where(_ => random.Next(3) == 0).Select(v => Calls(v, random))])
                with { StateBytes = random.Next(200) * MiB }).ToArray();
            return Silo($"s{i}", random.NextDouble() * 4, hot) with
            {
                State = (SiloState)random.Next(3),
                Zone = $"z{random.Next(3)}",
                MemoryUsedBytes = random.Next(8192) * MiB,
                QueueMs = random.Next(80),
            };
        }).ToArray();
        return new LoadMap(
            silos,
            [.. versions.Select(v => Version(v, random.Next(3), 1 + random.Next(2, 6), [.. silos.Where(_ => random.Next(3) == 0).Select(static s => s.Silo)]) with { LastCallMs = Now - random.Next(1_200_000) })]);
    }

    private static VersionCalls Calls(string version, Random random)
    {
        var calls = random.NextDouble() * 100;
        return new VersionCalls(version, calls, random.Next(2) * calls);
    }
}
