using CsCheck;
using Grid.Features.Shards;
using Grid.Features.Tests.Model;
using Grid.Primitives;

namespace Grid.Features.Tests.Shards;

/// <summary>Nothing twice, and nothing skipped.</summary>
public sealed class OnceLaws
{
    [Fact]
    public void RedeliveryOfAnyPrefix_ChangesNothing() => Gen.Select(ModelViews.Stream(1, 120), Gen.Int[0, 119], Gen.Int[1, 40]).Sample(static c =>
    {
        var (events, at, step) = c;
        using var once = new ShardHarness(ModelViews.Plan);
        using var again = new ShardHarness(ModelViews.Plan);
        once.Deliver(events);
        again.Deliver([.. events.Take(at)]);
        again.Deliver([.. events.Take(at)]);
        foreach (var partition in events.GroupBy(static e => e.PartitionName))
        {
            again.Deliver(partition.Key, [.. partition], step);
        }

        // Between partitions the order differs, so records are compared where it does not: one partition.
        if (events.All(static e => e.Partition == 0))
        {
            Assert.Equal(once.State.StateDigest(), again.State.StateDigest());
        }

        Assert.Equal(once.State.Marks.OrderBy(static m => m.Partition), again.State.Marks.OrderBy(static m => m.Partition));
        var asOf = events.Max(static e => e.TimeMs);
        var vector = ModelViews.Plan.BindVector(["item.n", "item.n_m", "item.max", "item.min_m", "item.last", "everything.n_m"]);
        Assert.Equal(once.Read(vector, "a", asOf), again.Read(vector, "a", asOf));
    });

    [Fact]
    public void RedeliveryWithMarksIgnored_IsSeen()
    {
        // Shows that the law above can fail: the switch that a test of kills uses.
        using var harness = new ShardHarness(ModelViews.Plan, new ShardStateOptions { IgnoreMarksForTest = true });
        ModelEvent[] events = ModelEvent.Number(Enumerable.Range(0, 10).Select(static i => new ModelEvent("buy", "a", 1_000_000 + i, i, null, null, 0)));
        harness.Deliver(events);
        var once = harness.State.StateDigest();
        harness.Deliver(events);

        Assert.NotEqual(once, harness.State.StateDigest());
        Assert.Equal([20f], harness.Read(ModelViews.Plan.BindVector(["item.n"]), "a", 1_000_010));
        Assert.Equal(27, harness.State.GetMark("feed", "a"));
    }

    [Fact]
    public void RepeatedKeys_AreDuplicatesAndChangeNothing() => ModelViews.Stream(1, 150).Sample(static events =>
    {
        using var harness = new ShardHarness(ModelViews.Plan);
        var builder = new EventBatchBuilder();
        foreach (var e in events)
        {
            e.AddTo(builder, asPush: true);
        }

        var batch = builder.Build();
        harness.Push(batch, 1_000);
        var once = harness.State.StateDigest();
        Assert.All(harness.Push(batch, 2_000), static o => Assert.Equal(EventVerdict.Duplicate, o.Verdict));
        Assert.Equal(once, harness.State.StateDigest());

        // A restart knows them too.
        harness.Seal();
        harness.Store(harness.Capture());
        using var loaded = harness.Load();
        var outcomes = new EventOutcome[batch.Count];
        var cursor = default(PushCursor);
        loaded.ApplyPush(batch, 3_000, ref cursor, batch.Count, outcomes);
        Assert.All(outcomes, static o => Assert.Equal(EventVerdict.Duplicate, o.Verdict));
        Assert.Equal(once, loaded.StateDigest());
    }, iter: 40);

    [Fact]
    public void Keys_AreForgottenAfterTheirRetentionOnly_AndTheSameByReplay()
    {
        var options = new ShardStateOptions { KeyRetention = TimeSpan.FromMinutes(1) };
        using var harness = new ShardHarness(ModelViews.Plan, options);
        long received = 0;
        for (var i = 0; i < 2_000; i++, received += 100)
        {
            Assert.Equal(EventVerdict.Accepted, harness.Push(Keyed($"k{i}", received), received)[0].Verdict);
        }

        // 600 keys are younger than a minute; whole slots of 168 are given up.
        Assert.InRange(harness.State.KeyCount, 600, 600 + (2 * 168));
        for (var i = 1_400; i < 2_000; i++)
        {
            Assert.Equal(EventVerdict.Duplicate, harness.Push(Keyed($"k{i}", received), received)[0].Verdict);
        }

        Assert.Equal(EventVerdict.Accepted, harness.Push(Keyed("k0", received), received)[0].Verdict);
        harness.Seal();
        using var replayed = harness.Load();
        Assert.Equal(harness.State.StateDigest(), replayed.StateDigest());
        Assert.Equal(harness.State.KeyCount, replayed.KeyCount);
    }

    [Fact]
    public void ADeliveryBeyondTheMark_IsRefusedWithTheMark()
    {
        using var harness = new ShardHarness(ModelViews.Plan);
        harness.Deliver("a", [new ModelEvent("buy", "a", 1_000, 1, null, null, 0) { Position = 10 }]);
        var check = harness.State.BeginDelivery("feed", "a", 11, false);

        Assert.False(check.IsAccepted);
        Assert.Equal(DeliveryRefusal.Gap, check.Refusal);
        Assert.Equal(10, check.AppliedMark);
        Assert.True(harness.State.BeginDelivery("feed", "a", 10, false).IsAccepted);
        Assert.Equal(DeliveryRefusal.Gap, harness.State.BeginDelivery("feed", "new", 0, false).Refusal);
        Assert.Equal(-1, harness.State.GetMark("feed", "new"));
        Assert.Equal(-1, harness.State.GetMark("nothing", "known"));
    }

    [Fact]
    public void AFrontier_LiftsTheMark_AndIsLogged()
    {
        using var harness = new ShardHarness(ModelViews.Plan);
        Assert.True(harness.State.BeginDelivery("feed", "a", 500, previousIsFrontier: true).IsAccepted);
        harness.Seal();
        using var replayed = harness.Load();

        Assert.Equal(500, replayed.GetMark("feed", "a"));
        Assert.True(harness.State.BeginDelivery("feed", "a", 20, previousIsFrontier: true).IsAccepted);
        Assert.Equal(500, harness.State.GetMark("feed", "a"));
        Assert.Null(harness.State.SealBlock());
    }

    [Fact]
    public void EventsThatNoViewTakes_RaiseTheMarkInTheLog()
    {
        using var harness = new ShardHarness(ModelViews.Plan);
        var builder = new EventBatchBuilder();
        builder.Begin("unknown").Time(1).Position(41).End();
        harness.Deliver("feed", "a", builder.Build());
        harness.Seal();
        using var replayed = harness.Load();

        Assert.Equal(41, replayed.GetMark("feed", "a"));
    }

    [Fact]
    public void FeedsAreApart()
    {
        using var harness = new ShardHarness(ModelViews.Plan);
        var builder = new EventBatchBuilder();
        builder.Begin("buy").Time(1_000).Position(5).Field("id", "a").End();
        var batch = builder.Build();
        harness.Deliver("live", "0", batch);
        harness.Deliver("backfill", "0", batch);

        Assert.Equal([2f], harness.Read(ModelViews.Plan.BindVector(["item.n"]), "a", 1_000));
    }

    private static EventBatch Keyed(string key, long timeMs)
    {
        var builder = new EventBatchBuilder();
        builder.Begin("look").Time(timeMs).Key(key).Field("id", "a").End();
        return builder.Build();
    }
}
