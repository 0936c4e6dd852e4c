using Grid.Abstractions;
using Grid.Primitives;

namespace Grid.Cluster.Tests.Clustering;

/// <summary>Three silos on one database: they form a cluster, one is killed, one is frozen, one joins.</summary>
public sealed class MembershipTests
{
    private const int TenantCount = 12;

    private const string Account = "a";

    private static readonly string[] s_tenants = [.. Enumerable.Range(0, TenantCount).Select(static i => $"t{i:00}")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryDoor_ReachesEveryShard_AndAChangeAtOneDoorIsInForceAtAll()
    {
        await using var cluster = await SiloCluster.StartAsync(3);
        using var first = cluster.Client(0);
        await AppendAllAsync(first, "first");
        for (var door = 0; door < 3; door++)
        {
            using var grid = cluster.Client(o => o.FollowOwners = false, door);
            foreach (var tenant in s_tenants)
            {
                Assert.Equal(1, await SiloCluster.CountAsync(grid, tenant, Account));
            }
        }

        var owners = await SiloCluster.OwnersAsync(first, s_tenants);
        Assert.True(owners.Values.Select(static s => s.Silo).Distinct().Count() >= 2, $"all shards are on one silo\n{cluster.Output}");

        // A view that one door applied is known to the others in the next request: no wait, no pull in between.
        await first.Views.ApplyAsync("""
            view: later
            entity: account
            clock: event
            events:
              entry: { account: text, amount: number }
            features:
              - { name: m, event: entry, aggregate: max, field: amount }
            """);
        for (var door = 1; door < 3; door++)
        {
            using var grid = cluster.Client(o => o.FollowOwners = false, door);
            await grid.ReadFeaturesAsync(s_tenants[door], "later", Account, cancellationToken: Token);
        }
    }

    [Fact]
    public async Task KilledSilo_LosesNothingAcknowledged_AndItsShardsWakeElsewhere()
    {
        await using var cluster = await SiloCluster.StartAsync(3);
        using var grid = cluster.Client(0, 2);
        await AppendAllAsync(grid, "before");
        var before = await SiloCluster.OwnersAsync(grid, s_tenants);
        var victims = VictimsOf(cluster, 1);

        await cluster.Silos[1].KillAsync();
        foreach (var tenant in s_tenants)
        {
            await SiloCluster.AppendAsync(grid, tenant, Account, "after");
            Assert.Equal(2, await SiloCluster.CountAsync(grid, tenant, Account));
        }

        var after = await SiloCluster.OwnersAsync(grid, s_tenants);
        Assert.All(victims, tenant =>
        {
            Assert.NotEqual(before[tenant].Silo, after[tenant].Silo);
            Assert.True(after[tenant].Epoch > before[tenant].Epoch);
        });
    }

    [Fact]
    public async Task FrozenSilo_IsReplaced_AndWhenItWakesItCannotWriteAndEnds()
    {
        await using var cluster = await SiloCluster.StartAsync(3);
        using var grid = cluster.Client(0, 2);
        await AppendAllAsync(grid, "before");
        var before = await SiloCluster.OwnersAsync(grid, s_tenants);
        var victims = VictimsOf(cluster, 1);

        await cluster.Silos[1].FreezeAsync();

        // Writes go on once the others have declared it dead, under a new epoch.
        foreach (var tenant in victims)
        {
            await SiloCluster.AppendAsync(grid, tenant, Account, "while frozen");
        }

        await cluster.Silos[1].ThawAsync();
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(Token))
        {
            limit.CancelAfter(SiloCluster.Patience);
            await cluster.Silos[1].ExitedAsync(limit.Token);
        }

        var after = await SiloCluster.OwnersAsync(grid, s_tenants);
        foreach (var tenant in victims)
        {
            Assert.NotEqual(before[tenant].Silo, after[tenant].Silo);
            Assert.Equal(2, await SiloCluster.CountAsync(grid, tenant, Account));

            // What the frozen owner had acknowledged is there, and the same key again is known.
            Assert.Equal(EventVerdict.Duplicate, await SiloCluster.AppendAsync(grid, tenant, Account, "before"));
        }
    }

    [Fact]
    public async Task SiloThatJoins_TakesShards()
    {
        await using var cluster = await SiloCluster.StartAsync(2);
        using var grid = cluster.Client();
        await AppendAllAsync(grid, "before");
        var joined = await cluster.AddAsync();
        var silos = new HashSet<string>((await SiloCluster.OwnersAsync(grid, s_tenants)).Values.Select(static s => s.Silo));

        // Shards that wake now: their tenants are new.
        var more = Enumerable.Range(0, 60).Select(static i => $"new{i:00}").ToArray();
        foreach (var tenant in more)
        {
            await SiloCluster.AppendAsync(grid, tenant, Account, "first");
        }

        var owners = await SiloCluster.OwnersAsync(grid, more);
        Assert.True(owners.Values.Any(s => !silos.Contains(s.Silo)), $"the new silo at {joined.Address} took nothing\n{cluster.Output}");
        using var through = cluster.Client(2);
        Assert.Equal(1, await SiloCluster.CountAsync(through, s_tenants[0], Account));
    }

    private static Task<EventVerdict[]> AppendAllAsync(Client.IGridClient grid, string key) =>
        Task.WhenAll(s_tenants.Select(tenant => SiloCluster.AppendAsync(grid, tenant, Account, key)));

    /// <summary>Tenants whose shard is on a silo, by what it has printed.</summary>
    private static string[] VictimsOf(SiloCluster cluster, int index)
    {
        string[] victims = [.. s_tenants.Where(t => cluster.Silos[index].Output.Contains($"Shard default/{t}/0 is owned", StringComparison.Ordinal))];
        Assert.True(victims.Length > 0, $"no shard is on silo {index}\n{cluster.Output}");
        return victims;
    }
}
