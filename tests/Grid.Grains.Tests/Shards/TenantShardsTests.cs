using Grid.Grains.Tests.Support;
using Grid.Primitives;

namespace Grid.Grains.Tests.Shards;

/// <summary>A tenant of several shards: each event goes where its entity lives, and a view of the whole tenant is in all of them.</summary>
public sealed class TenantShardsTests(SharedGrid shared) : IClassFixture<SharedGrid>
{
    private const int Shards = 4;
    private const int Cards = 64;

    [Fact]
    public async Task Pushes_AreSpread_AndEachCardIsReadWhereItLives()
    {
        var tenant = await shared.TenantAsync(Shards);
        var verdicts = await Buys.AppendAsync(shared.Client, tenant, [.. Enumerable.Range(0, Cards).Select(i => Buys.Push($"k{i}", $"card-{i}", i))]);

        Assert.All(verdicts, verdict => Assert.Equal(EventVerdict.Accepted, verdict));
        long entities = 0;
        for (var shard = 0; shard < Shards; shard++)
        {
            var status = await shared.Client.Tenants.GetShardAsync(tenant, shard);
            Assert.InRange(status.Entities, 1, Cards - 1);
            Assert.Equal(Enumerable.Range(0, Cards).Count(i => ShardHash.ShardOf($"card-{i}", Shards) == shard), status.Entities);
            entities += status.Entities;
        }

        Assert.Equal(Cards, entities);
        for (var i = 0; i < Cards; i++)
        {
            Assert.Equal([1f, i], await Buys.ReadAsync(shared.Client, tenant, $"card-{i}"));
        }
    }

    [Fact]
    public async Task AViewOfScopeTenant_IsWholeInEachShard_AlsoWhenAPushIsRepeated()
    {
        await using var grid = await TestGrid.StartAsync(views: TestViews.Card + "\n---\n" + TestViews.Shop);
        await grid.Client.Tenants.CreateAsync("t", Shards);
        var pushes = Enumerable.Range(0, Cards).Select(i => Buys.Push($"k{i}", $"card-{i}", 1)).ToArray();
        Assert.All(await Buys.AppendAsync(grid.Client, "t", pushes), verdict => Assert.Equal(EventVerdict.Accepted, verdict));
        Assert.All(await Buys.AppendAsync(grid.Client, "t", pushes), verdict => Assert.Equal(EventVerdict.Duplicate, verdict));

        var asked = new HashSet<int>();
        for (var i = 0; asked.Count < Shards; i++)
        {
            asked.Add(ShardHash.ShardOf($"card-{i}", Shards));
            Assert.Equal([(float)Cards], (await grid.Client.ReadFeaturesAsync("t", "shop", $"card-{i}")).Values.AsEnumerable());
            Assert.Equal([1f, 1f], await Buys.ReadAsync(grid.Client, "t", $"card-{i}"));
        }
    }

    [Fact]
    public async Task UnknownTenantsAndShards_AreNamed_AndNotMade()
    {
        var tenant = await shared.TenantAsync(Shards);
        var noTenant = await Assert.ThrowsAsync<GridException>(() => Buys.AppendAsync(shared.Client, "nobody", Buys.Push("k", "a", 1)));
        var noShard = await Assert.ThrowsAsync<GridException>(() => shared.Client.Sources.GetMarksAsync(tenant, Shards, Buys.Feed, Buys.Partition).AsTask());
        var direct = await Assert.ThrowsAsync<GridException>(() => shared.Grid.Service<IGrainFactory>().GetGrain<Abstractions.IFeatureShardGrain>($"default/{tenant}/{Shards}").GetStatusAsync(false).AsTask());

        Assert.Equal((GridErrorCode.NotFound, "tenant 'nobody'"), (noTenant.Code, noTenant.Error.Target));
        Assert.Equal((GridErrorCode.NotFound, $"shard {Shards} of tenant '{tenant}'"), (noShard.Code, noShard.Error.Target));
        Assert.Equal(GridErrorCode.NotFound, direct.Code);
        Assert.DoesNotContain(await shared.Client.Tenants.ListAsync(), known => known.Tenant == "nobody");
    }
}
