using Grid.Abstractions;
using Grid.Grains.Ownership;
using Grid.Grains.Tests.Support;
using Grid.Primitives;
using Grid.Storage;

namespace Grid.Grains.Tests.Shards;

/// <summary>Somebody else takes a shard's epoch while its actor lives: two owners, one writer.</summary>
public sealed class TakeoverTests(SharedGrid shared) : IClassFixture<SharedGrid>
{
    [Fact]
    public async Task APushThroughTheOldOwner_Fails_AndNothingAcknowledgedIsLostUnderTheNext()
    {
        var tenant = await shared.TenantAsync();
        await Buys.AppendAsync(shared.Client, tenant, [.. Enumerable.Range(0, 10).Select(i => Buys.Push($"k{i}", "a", i))]);
        var before = await shared.Client.Tenants.GetShardAsync(tenant, 0);
        var taken = await TakeAsync(tenant);

        var error = await Assert.ThrowsAsync<GridException>(() => Buys.AppendAsync(shared.Client, tenant, Buys.Push("k10", "a", 10)));
        Assert.True(error.Code is GridErrorCode.OutcomeUnknown or GridErrorCode.Unavailable, error.Message);
        Assert.NotNull(error.Error.RetryAfterMs);

        Assert.Equal([EventVerdict.Accepted], await RetryAsync(() => Buys.AppendAsync(shared.Client, tenant, Buys.Push("k10", "a", 10))));
        Assert.Equal([11f, 55f], await Buys.ReadAsync(shared.Client, tenant, "a"));
        Assert.Equal([EventVerdict.Duplicate], await Buys.AppendAsync(shared.Client, tenant, Buys.Push("k3", "a", 3)));
        var after = await shared.Client.Tenants.GetShardAsync(tenant, 0);
        Assert.True(before.Epoch < taken.Epoch && taken.Epoch < after.Epoch, $"epochs {before.Epoch}, {taken.Epoch}, {after.Epoch}");
    }

    [Fact]
    public async Task WhatTheOldOwnerOnlyApplied_IsNotInTheState_AndItsReaderSendsItAgainFromTheMark()
    {
        var tenant = await shared.TenantAsync();
        await shared.Client.Sources.DeliverAsync(tenant, 0, Buys.Delivery(-1, 0, 4));
        await shared.Client.Sources.FlushAsync(tenant, 0);
        await TakeAsync(tenant);
        await shared.Client.Sources.DeliverAsync(tenant, 0, Buys.Delivery(4, 5, 9));
        await Assert.ThrowsAsync<GridException>(() => shared.Client.Sources.FlushAsync(tenant, 0).AsTask());

        Assert.Equal(new SourceMarks(4, 4), await RetryAsync(() => shared.Client.Sources.GetMarksAsync(tenant, 0, Buys.Feed, Buys.Partition).AsTask()));
        Assert.Equal(DeliveryStatus.Gap, (await shared.Client.Sources.DeliverAsync(tenant, 0, Buys.Delivery(9, 10, 14))).Status);
        Assert.Equal(DeliveryStatus.Applied, (await shared.Client.Sources.DeliverAsync(tenant, 0, Buys.Delivery(4, 5, 14))).Status);
        Assert.Equal([15f, 105f], await Buys.ReadAsync(shared.Client, tenant, "a"));
    }

    [Fact]
    public async Task AShardThatIsOnlyRead_StepsDownToo_OnceItKnows()
    {
        var tenant = await shared.TenantAsync();
        await Buys.AppendAsync(shared.Client, tenant, Buys.Push("k", "a", 3));
        var taken = await TakeAsync(tenant);
        await shared.Grid.Service<OwnershipConfirmer>().ConfirmAsync(CancellationToken.None);

        // The owner that knows may refuse; what answers in the end is a later one.
        Assert.Equal([1f, 3f], await RetryAsync(() => Buys.ReadAsync(shared.Client, tenant, "a")));
        Assert.True((await shared.Client.Tenants.GetShardAsync(tenant, 0)).Epoch > taken.Epoch, "the owner that was overtaken still answers");
    }

    private async Task<ShardLease> TakeAsync(string tenant) =>
        (await shared.Grid.Service<IShardStore>().TakeEpochsAsync([new ShardKey("default", tenant, 0)], "another owner", CancellationToken.None))[0];

    /// <summary>Asks again while the answer is that the owner is going; a client does the same, with pauses.</summary>
    private static async Task<T> RetryAsync<T>(Func<Task<T>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (GridException e) when (e.Code is GridErrorCode.Unavailable or GridErrorCode.OutcomeUnknown && attempt < 5_000)
            {
            }
        }
    }
}
