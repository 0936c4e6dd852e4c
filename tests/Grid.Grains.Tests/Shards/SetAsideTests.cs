using Grid.Abstractions;
using Grid.Grains.Tests.Support;
using Grid.Primitives;
using Grid.Storage;

namespace Grid.Grains.Tests.Shards;

/// <summary>What a shard sets aside is in the dead letters once, whatever is sent again.</summary>
public sealed class SetAsideTests(SharedGrid shared) : IClassFixture<SharedGrid>
{
    private const long Noon = 1_000_000_000_000;

    [Fact]
    public async Task LateAndFutureEvents_OfAPartition_AreInTheDeadLettersOnce_AndNotInTheFeatures()
    {
        var tenant = await shared.TenantAsync();
        var batch = new EventBatchBuilder();
        Add(batch, 0, Noon);
        Add(batch, 1, Noon - 7_200_000);
        Add(batch, 2, Noon + 3_600_000);
        Add(batch, 3, Noon);
        var delivery = new SourceDelivery(Buys.Feed, Buys.Partition, 1, -1, false, batch.Build());
        var first = await shared.Client.Sources.DeliverAsync(tenant, 0, delivery);
        var again = await shared.Client.Sources.DeliverAsync(tenant, 0, delivery);
        var letters = await LettersAsync(shared.Grid, tenant, 2);

        Assert.Equal((DeliveryStatus.Applied, 3L), (first.Status, first.AppliedMark));
        Assert.Equal((DeliveryStatus.Applied, 3L), (again.Status, again.AppliedMark));
        Assert.Equal([("buys/0", "1", "TooLate"), ("buys/0", "2", "FromTheFuture")], letters.Select(letter => (letter.Source, letter.Position, letter.Reason)));
        Assert.All(letters, letter => Assert.Equal((tenant, 0), (letter.Tenant, letter.Shard)));
        Assert.Equal([2f, 2f], await Buys.ReadAsync(shared.Client, tenant, "a"));
    }

    [Fact]
    public async Task PushedEvents_AreSetAsideUnderTheirKeys_AlsoAcrossARestart()
    {
        await using var grid = await TestGrid.StartAsync();
        await grid.Client.Tenants.CreateAsync("t");
        var now = DateTimeOffset.UtcNow;
        var late = Buys.Push("old", "a", 1, now.AddHours(-2));
        var future = Buys.Push("new", "a", 1, now.AddHours(2));
        Assert.Equal([EventVerdict.Late, EventVerdict.Quarantined, EventVerdict.Accepted], await Buys.AppendAsync(grid.Client, "t", late, future, Buys.Push("now", "a", 4, now)));
        Assert.Equal(2, (await LettersAsync(grid, "t", 2)).Length);

        await grid.RestartAsync();
        await Buys.AppendAsync(grid.Client, "t", late, future);
        await Buys.AppendAsync(grid.Client, "t", Buys.Push("older", "a", 1, now.AddHours(-3)));

        // The letter of the last push comes after whatever the repeated ones could have left.
        Assert.Equal(["old", "new", "older"], (await LettersAsync(grid, "t", 3)).Select(letter => letter.Position));
        Assert.Equal([1f, 4f], await Buys.ReadAsync(grid.Client, "t", "a"));
    }

    private static void Add(EventBatchBuilder batch, long position, long time) =>
        batch.Begin("buy").Time(time).Arrival(Noon + position).Position(position).Field("card", "a").Field("amount", 1).End();

    /// <summary>The letters of a tenant once there are so many: they are carried after the block that decided them is durable.</summary>
    private static async Task<DeadLetter[]> LettersAsync(TestGrid grid, string tenant, int count)
    {
        var store = grid.Service<IDeadLetterStore>();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var letters = await store.ReadAsync("default", tenant, 0, 100, limit.Token);
            if (letters.Count >= count)
            {
                return [.. letters.Select(stored => stored.Letter)];
            }
        }
    }
}
