using System.Collections.Concurrent;
using Grid.Abstractions;
using Grid.Client;
using Grid.Primitives;

namespace Grid.Cluster.Tests.Clustering;

/// <summary>Silos that leave on purpose: nothing fails that a caller may repeat, and nothing acknowledged is lost.</summary>
[Collection(nameof(ClusterTests))]
public sealed class DrainTests
{
    private const string Account = "a";

    private static readonly string[] s_tenants = [.. Enumerable.Range(0, 24).Select(static i => $"t{i:00}")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DrainedSilo_IsEmpty_AndItsDoorStillAnswers()
    {
        await using var cluster = await SiloCluster.StartAsync(3);
        using var grid = cluster.Client();
        await Task.WhenAll(s_tenants.Select(tenant => SiloCluster.AppendAsync(grid, tenant, Account, "before")));
        var before = await SiloCluster.UntilAsync(
            async () => await grid.Cluster.ListAsync(Token),
            static silos => silos.Count == 3 && silos.Sum(static s => s.Shards) == s_tenants.Length,
            "three silos say that they hold all shards");
        Assert.All(before, static silo => Assert.True(silo.Shards > 0, $"{silo.Name} holds nothing"));

        var drained = await grid.Cluster.DrainAsync("silo1", Token);
        Assert.Equal((SiloPhase.Drained, 0), (drained.Phase, drained.Shards));
        var owners = await SiloCluster.OwnersAsync(grid, s_tenants);
        Assert.DoesNotContain(owners.Values, owner => owner.Silo == drained.Address);
        using var door = cluster.Client(static o => o.FollowOwners = false, 1);
        foreach (var tenant in s_tenants)
        {
            Assert.Equal(1, await SiloCluster.CountAsync(door, tenant, Account));
        }

        var error = await Assert.ThrowsAsync<GridException>(async () => await grid.Cluster.DrainAsync("nobody", Token));
        Assert.Equal(GridErrorCode.NotFound, error.Code);
        Assert.Contains("silo0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RollingRestart_UnderLoad_FailsNothingThatMayBeRepeated_AndLosesNothing()
    {
        await using var cluster = await SiloCluster.StartAsync(3);
        using var grid = cluster.Client();
        await Task.WhenAll(s_tenants.Select(tenant => SiloCluster.AppendAsync(grid, tenant, Account, "first")));

        using var stop = new CancellationTokenSource();
        var acknowledged = new ConcurrentDictionary<string, int>();
        var failures = new ConcurrentQueue<string>();
        var load = Task.WhenAll(s_tenants.Select(tenant => LoadAsync(tenant)));
        for (var i = 0; i < 3; i++)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
            limit.CancelAfter(SiloCluster.Patience);
            Assert.Equal(0, await cluster.Silos[i].TerminateAsync(limit.Token));
            Assert.Contains("This silo is drained; 0 shards are left", cluster.Silos[i].Output, StringComparison.Ordinal);
            await cluster.RestartAsync(i);
        }

        await stop.CancelAsync();
        await load;
        Assert.True(failures.IsEmpty, string.Join("\n", failures.Take(5)));
        foreach (var tenant in s_tenants)
        {
            Assert.True(acknowledged[tenant] > 0);
            Assert.Equal(acknowledged[tenant] + 1, await SiloCluster.CountAsync(grid, tenant, Account));
        }

        async Task LoadAsync(string tenant)
        {
            for (var n = 0; !stop.IsCancellationRequested; n++)
            {
                try
                {
                    // Once: the SDK repeats inside what may be repeated.
                    var entry = new GridEvent("entry", DateTimeOffset.UnixEpoch.AddDays(20_000), $"{tenant}-{n}", new Dictionary<string, object?> { ["account"] = Account, ["amount"] = 1.0 });
                    var answer = Assert.Single(await grid.AppendAsync(tenant, [entry], cancellationToken: Token));
                    Assert.True(answer.Verdict is EventVerdict.Accepted or EventVerdict.Duplicate, answer.ToString());
                    acknowledged.AddOrUpdate(tenant, 1, static (_, count) => count + 1);
                    await grid.ReadFeaturesAsync(tenant, "ledger", Account, ["n"], cancellationToken: Token);
                }
                catch (Exception e)
                {
                    failures.Enqueue($"{tenant} {n}: {e.Message}");
                }
            }
        }
    }
}
