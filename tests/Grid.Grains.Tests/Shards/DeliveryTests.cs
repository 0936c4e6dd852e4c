using Grid.Abstractions;
using Grid.Grains.Tests.Support;
using Grid.Primitives;

namespace Grid.Grains.Tests.Shards;

/// <summary>Deliveries of one partition: exactly once, by position.</summary>
public sealed class DeliveryTests(SharedGrid shared) : IClassFixture<SharedGrid>
{
    [Fact]
    public async Task ADeliveryBeyondTheMark_IsAnsweredWithTheMark_AndChangesNothing()
    {
        var tenant = await shared.TenantAsync();
        await DeliverAsync(tenant, Buys.Delivery(-1, 0, 9));
        var gap = await DeliverAsync(tenant, Buys.Delivery(19, 20, 29));

        Assert.Equal((DeliveryStatus.Gap, 9L), (gap.Status, gap.AppliedMark));
        Assert.Equal([10f, 45f], await Buys.ReadAsync(shared.Client, tenant, "a"));
        Assert.Equal(DeliveryStatus.Applied, (await DeliverAsync(tenant, Buys.Delivery(9, 10, 19))).Status);
        Assert.Equal([20f, 190f], await Buys.ReadAsync(shared.Client, tenant, "a"));
    }

    [Fact]
    public async Task ARedelivery_IsSkippedUpToTheMark()
    {
        var tenant = await shared.TenantAsync();
        await DeliverAsync(tenant, Buys.Delivery(-1, 0, 9));
        var again = await DeliverAsync(tenant, Buys.Delivery(-1, 0, 14));
        var whole = await DeliverAsync(tenant, Buys.Delivery(-1, 0, 14));

        Assert.Equal((DeliveryStatus.Applied, 14L), (again.Status, again.AppliedMark));
        Assert.Equal((DeliveryStatus.Applied, 14L), (whole.Status, whole.AppliedMark));
        Assert.Equal([15f, 105f], await Buys.ReadAsync(shared.Client, tenant, "a"));
    }

    [Fact]
    public async Task AFrontierAboveTheMark_RaisesIt()
    {
        var tenant = await shared.TenantAsync();
        await DeliverAsync(tenant, Buys.Delivery(-1, 0, 4));
        var answer = await DeliverAsync(tenant, Buys.Delivery(99, 100, 101, fromFrontier: true));

        Assert.Equal((DeliveryStatus.Applied, 101L), (answer.Status, answer.AppliedMark));
        Assert.Equal([7f, 211f], await Buys.ReadAsync(shared.Client, tenant, "a"));
    }

    [Fact]
    public async Task AnOlderReaderThanTheNewestSeen_IsRefused_AndChangesNothing()
    {
        var tenant = await shared.TenantAsync();
        await DeliverAsync(tenant, Buys.Delivery(-1, 0, 4, epoch: 7));
        var stale = await DeliverAsync(tenant, Buys.Delivery(4, 5, 9, epoch: 6));

        Assert.Equal((DeliveryStatus.StaleReader, 4L), (stale.Status, stale.AppliedMark));
        Assert.Equal([5f, 10f], await Buys.ReadAsync(shared.Client, tenant, "a"));
        Assert.Equal(DeliveryStatus.Applied, (await DeliverAsync(tenant, Buys.Delivery(4, 5, 9, epoch: 7))).Status);
        Assert.Equal(DeliveryStatus.Applied, (await DeliverAsync(tenant, Buys.Delivery(9, 10, 10, epoch: 8))).Status);
    }

    [Fact]
    public async Task TheDurableMark_FollowsAFlush_AndIsNeverAboveTheAppliedOne()
    {
        await using var grid = await TestGrid.StartAsync(options => options.Shards.CommitLinger = TimeSpan.FromSeconds(10));
        await grid.Client.Tenants.CreateAsync("t");
        var answer = await grid.Client.Sources.DeliverAsync("t", 0, Buys.Delivery(-1, 0, 9));
        Assert.Equal((9L, -1L), (answer.AppliedMark, answer.DurableMark));

        await grid.Client.Sources.FlushAsync("t", 0);
        Assert.Equal(new SourceMarks(9, 9), await grid.Client.Sources.GetMarksAsync("t", 0, Buys.Feed, Buys.Partition));

        answer = await grid.Client.Sources.DeliverAsync("t", 0, Buys.Delivery(9, 10, 10));
        Assert.Equal((10L, 9L), (answer.AppliedMark, answer.DurableMark));
    }

    [Fact]
    public async Task TwoLongDeliveriesOfTheSameEventsAtOnce_AreAppliedOnce_ThoughBothYield()
    {
        var tenant = await shared.TenantAsync();

        // Longer than ten steps, so that one would be in the middle of the other if turns were not kept.
        var answers = await Task.WhenAll(DeliverAsync(tenant, Buys.Delivery(-1, 0, 2999)), DeliverAsync(tenant, Buys.Delivery(-1, 0, 2999)));

        Assert.All(answers, answer => Assert.Equal((DeliveryStatus.Applied, 2999L), (answer.Status, answer.AppliedMark)));
        Assert.Equal(3000f, (await Buys.ReadAsync(shared.Client, tenant, "a"))[0]);
    }

    [Fact]
    public async Task EventsWithoutPositions_AreRefusedByName_AndChangeNothing()
    {
        var tenant = await shared.TenantAsync();
        var batch = new EventBatchBuilder().Begin("buy").Time(1).Field("card", "a").Field("amount", 1).End().Build();
        var answer = await DeliverAsync(tenant, new SourceDelivery(Buys.Feed, Buys.Partition, 1, -1, false, batch));

        Assert.Equal(DeliveryStatus.Refused, answer.Status);
        Assert.Equal(GridErrorCode.InvalidArgument, answer.Error!.Code);
        Assert.Equal(-1, answer.AppliedMark);
    }

    private async Task<DeliveryAnswer> DeliverAsync(string tenant, SourceDelivery delivery) =>
        await shared.Client.Sources.DeliverAsync(tenant, 0, delivery);
}
