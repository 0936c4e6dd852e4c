using Grid.Abstractions;
using Grid.Grains.Tests.Support;
using Grid.Primitives;

namespace Grid.Grains.Tests.Shards;

/// <summary>What a shard acknowledged is there when its silo comes back on the same folder.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task AnAcknowledgedPush_IsThereAfterARestart_AndItsKeyIsADuplicate()
    {
        await using var grid = await TestGrid.StartAsync();
        await grid.Client.Tenants.CreateAsync("t");
        Assert.Equal([EventVerdict.Accepted, EventVerdict.Accepted], await Buys.AppendAsync(grid.Client, "t", Buys.Push("k1", "a", 5), Buys.Push("k2", "a", 7)));
        Assert.Equal([EventVerdict.Duplicate], await Buys.AppendAsync(grid.Client, "t", Buys.Push("k1", "a", 5)));

        await grid.RestartAsync();

        Assert.Equal([2f, 12f], await Buys.ReadAsync(grid.Client, "t", "a"));
        Assert.Equal([EventVerdict.Duplicate, EventVerdict.Accepted], await Buys.AppendAsync(grid.Client, "t", Buys.Push("k2", "a", 7), Buys.Push("k3", "a", 1)));
        Assert.Equal([3f, 13f], await Buys.ReadAsync(grid.Client, "t", "a"));
    }

    [Fact]
    public async Task StateAndMarks_AreTheSameBits_FromSnapshotAndLog()
    {
        // Every block is larger than that, so snapshots are taken while events go on coming.
        await using var grid = await TestGrid.StartAsync(options => options.Shards.SnapshotLogBytes = 1024);
        await grid.Client.Tenants.CreateAsync("t");
        for (var i = 0; i < 30; i++)
        {
            var first = i * 40L;
            await grid.Client.Sources.DeliverAsync("t", 0, Buys.Delivery(first - 1, first, first + 39, card: $"c{i % 7}"));
            await Buys.AppendAsync(grid.Client, "t", Buys.Push($"k{i}", "pushed", i));
        }

        var before = await grid.Client.Tenants.GetShardAsync("t", 0, withDigest: true);
        await grid.RestartAsync();
        var after = await grid.Client.Tenants.GetShardAsync("t", 0, withDigest: true);

        Assert.True(after.SnapshotSequence > 0, $"no snapshot was taken in {after.DurableSequence} blocks");
        Assert.Equal(before.StateDigest, after.StateDigest);
        Assert.Equal(before.DurableSequence, after.DurableSequence);
        Assert.True(after.Epoch > before.Epoch, $"epoch {after.Epoch} after {before.Epoch}");
        Assert.Equal(0, after.EventsHandled);
        Assert.Equal(new SourceMarks(1199, 1199), await grid.Client.Sources.GetMarksAsync("t", 0, Buys.Feed, Buys.Partition));
        Assert.Equal([EventVerdict.Duplicate], await Buys.AppendAsync(grid.Client, "t", Buys.Push("k0", "pushed", 0)));
    }

    [Fact]
    public async Task WhatWasAppliedButNotYetCommitted_IsCommittedByAStop()
    {
        await using var grid = await TestGrid.StartAsync(options => options.Shards.CommitLinger = TimeSpan.FromSeconds(10));
        await grid.Client.Tenants.CreateAsync("t");
        await grid.Client.AppendAsync("t", [Buys.Push("k", "a", 3)], AckMode.Applied);
        await grid.RestartAsync();

        Assert.Equal([1f, 3f], await Buys.ReadAsync(grid.Client, "t", "a"));
    }

    [Fact]
    public async Task AViewSwitch_IsReplayedUnderBothGenerations()
    {
        await using var grid = await TestGrid.StartAsync();
        await grid.Client.Tenants.CreateAsync("t");
        await Buys.AppendAsync(grid.Client, "t", Buys.Push("k1", "a", 50), Buys.Push("k2", "a", 2));
        await grid.Client.Views.ApplyAsync(TestViews.CardWithMax);
        await Buys.AppendAsync(grid.Client, "t", Buys.Push("k3", "a", 4));
        var before = await grid.Client.Tenants.GetShardAsync("t", 0, withDigest: true);
        Assert.Equal(0, before.SnapshotSequence);

        await grid.RestartAsync();

        var after = await grid.Client.Tenants.GetShardAsync("t", 0, withDigest: true);
        Assert.Equal((before.Generation, before.StateDigest), (after.Generation, after.StateDigest));

        // What keeps its meaning is taken over; the new maximum has seen one purchase.
        Assert.Equal([3f, 56f, 4f], await Buys.ReadAsync(grid.Client, "t", "a", "n", "sum", "max"));
    }
}
