using CsCheck;
using Grid.Features.Shards;
using Grid.Features.Tests.Model;
using Grid.Primitives;

namespace Grid.Features.Tests.Shards;

/// <summary>The same log gives the same bits, whatever happened to the process meanwhile.</summary>
public sealed class LogLaws
{
    private static readonly Gen<ModelEvent[]> s_streams = ModelViews.Stream(1, 600, 12);

    // What happens after each event: mostly nothing, sometimes the end of a block, a snapshot begun, stored or lost.
    private static readonly Gen<int[]> s_steps = Gen.Int[0, 19].Array[600];

    [Fact]
    public void Live_Replay_AndSnapshotWithTail_AreEqualToTheBit() => Gen.Select(s_streams, s_steps).Sample(static c =>
    {
        var (events, steps) = c;
        using var harness = new ShardHarness(ModelViews.Plan);
        ShardSnapshot? underWay = null;
        for (var i = 0; i < events.Length; i++)
        {
            if (i % 5 == 0)
            {
                harness.Push(BatchOf(events[i], asPush: true), events[i].TimeMs);
            }
            else
            {
                harness.Deliver(events[i]);
            }

            switch (steps[i])
            {
                case 0 or 1 or 2:
                    harness.Seal();
                    break;
                case 3 when underWay is null:
                    harness.Seal();
                    underWay = harness.Capture();
                    break;
                case 4 when underWay is not null:
                    harness.Store(underWay);
                    underWay = null;
                    break;
                case 5 when underWay is not null:
                    harness.State.SnapshotFailed(underWay);
                    underWay = null;
                    break;
            }
        }

        harness.Seal();
        if (underWay is not null && steps[0] % 2 == 0)
        {
            harness.Store(underWay);
        }

        using var loaded = harness.Load();
        using var replayed = harness.Load(null, static _ => default);
        var live = harness.State.StateDigest();
        Assert.Equal(live, replayed.StateDigest());
        Assert.Equal(live, loaded.StateDigest());
        Assert.Equal(harness.State.Sequence, loaded.Sequence);
        Assert.Equal(harness.State.Marks, loaded.Marks);
        Assert.Equal(harness.State.RecordCount, loaded.RecordCount);

        // And they stay so: the next events meet the same state.
        var more = ModelEvent.Number(events).Select(static e => e with { Position = e.Position + 1_000_000 }).ToArray();
        harness.Deliver(more);
        harness.Seal();
        loaded.Replay(harness.Log[^1]);
        Assert.Equal(harness.State.StateDigest(), loaded.StateDigest());
    }, iter: 60);

    [Fact]
    public void AShardThatIsGone_LeavesNoPageBehind()
    {
        var harness = new ShardHarness(ModelViews.Plan);
        harness.Deliver(ModelEvent.Number(Enumerable.Range(0, 500).Select(static i => new ModelEvent("buy", $"e{i % 50}", 1_000_000 + (i * 100), i, "red", true, i % 2))));
        harness.Seal();
        harness.Store(harness.Capture());
        harness.Deliver("a", [new ModelEvent("buy", "e1", 1_100_000, 1, null, null, 0) { Position = 5_000 }]);
        harness.Seal();
        var second = harness.Capture();
        harness.Deliver("a", [new ModelEvent("buy", "e1", 1_100_001, 1, null, null, 0) { Position = 5_003 }]);
        harness.State.Dispose();
        harness.State.SnapshotFailed(second);

        Assert.Equal(0, harness.RentedBytes);
    }

    [Fact]
    public void ASnapshot_CarriesOnlyThePagesThatChanged()
    {
        using var harness = new ShardHarness(ModelViews.Plan);
        harness.Deliver(ModelEvent.Number(Enumerable.Range(0, 5_000).Select(static i => new ModelEvent("buy", $"e{i % 500}", 1_000_000 + i, i, "red", true, 0))));
        harness.Seal();
        var first = harness.Capture();
        Assert.Equal(first.LivePages, first.DirtyPages.Select(static p => p.Id));
        harness.Store(first);
        harness.Deliver("a", [new ModelEvent("look", "e7", 1_006_000, null, null, null, 0) { Position = 50_000 }]);
        harness.Seal();
        var second = harness.Capture();

        Assert.InRange(second.DirtyPages.Count, 1, 3);
        Assert.True(second.LivePages.Count > 20);
        harness.Store(second);
        using var loaded = harness.Load();
        Assert.Equal(harness.State.StateDigest(), loaded.StateDigest());
    }

    [Fact]
    public void ABlockWithAnyBitFlipped_IsFoundAndNamed_AndChangesNothing()
    {
        using var harness = new ShardHarness(ModelViews.Plan);
        harness.Deliver(ModelEvent.Number(Enumerable.Range(0, 5).Select(static i => new ModelEvent("buy", "a", 1_000_000 + i, i, "red", true, 0))));
        harness.Seal();
        var block = harness.Log[0];
        harness.Log.Clear();
        using var state = harness.Load();
        var empty = state.StateDigest();
        for (var bit = 0; bit < block.Length * 8; bit += 3)
        {
            var broken = block.ToArray();
            broken[bit / 8] ^= (byte)(1 << (bit % 8));
            var error = Assert.Throws<GridException>(() => state.Replay(broken));
            Assert.True(error.Code is GridErrorCode.Corrupt or GridErrorCode.Unsupported, error.Message);
            Assert.Contains("shard 0 of 1: block 1", error.Error.Target, StringComparison.Ordinal);
        }

        for (var length = 0; length < block.Length; length++)
        {
            Assert.Throws<GridException>(() => state.Replay(block.AsSpan(0, length)));
        }

        Assert.Equal(empty, state.StateDigest());
        state.Replay(block);
        Assert.Equal(harness.State.StateDigest(), state.StateDigest());
    }

    [Fact]
    public void ABlockOutOfOrder_IsRefused()
    {
        using var harness = new ShardHarness(ModelViews.Plan);
        for (var i = 0; i < 3; i++)
        {
            harness.Deliver("a", [new ModelEvent("buy", "a", 1_000_000 + i, i, null, null, 0) { Position = i }]);
            harness.Seal();
        }

        var log = harness.Log.ToArray();
        harness.Log.Clear();
        using var state = harness.Load();
        state.Replay(log[0]);
        var error = Assert.Throws<GridException>(() => state.Replay(log[2]));
        Assert.Contains("sequence 3 where 2 is due", error.Message, StringComparison.Ordinal);
        Assert.Throws<GridException>(() => state.Replay(log[0]));
        state.Replay(log[1]);
        state.Replay(log[2]);
        Assert.Equal(harness.State.StateDigest(), state.StateDigest());
    }

    [Fact]
    public void AManifestOrPageWithABitFlipped_IsFoundAndNamed()
    {
        using var harness = new ShardHarness(ModelViews.Plan);
        harness.Deliver(ModelEvent.Number(Enumerable.Range(0, 50).Select(static i => new ModelEvent("buy", $"e{i}", 1_000_000 + i, i, "red", true, 0))));
        harness.Push(BatchOf(new ModelEvent("buy", "p", 1_000_000, 1, null, null, 0), asPush: true), 1_000_000);
        harness.Seal();
        harness.Store(harness.Capture());
        for (var at = 0; at < harness.Manifest!.Length; at += 7)
        {
            var broken = harness.Manifest.ToArray();
            broken[at] ^= 4;
            var error = Assert.Throws<GridException>(() => harness.Load(broken, id => harness.Pages[id]));
            Assert.True(error.Code is GridErrorCode.Corrupt or GridErrorCode.Unsupported, error.Message);
        }

        foreach (var id in harness.Pages.Keys)
        {
            var broken = harness.Pages[id].ToArray();
            broken[^1] ^= 1;
            var error = Assert.Throws<GridException>(() => harness.Load(harness.Manifest, page => page == id ? broken : harness.Pages[page]));
            Assert.Equal(GridErrorCode.Corrupt, error.Code);
            Assert.Contains($"page {id}", error.Message, StringComparison.Ordinal);
        }
    }

    private static EventBatch BatchOf(ModelEvent e, bool asPush)
    {
        var builder = new EventBatchBuilder();
        e.AddTo(builder, asPush);
        return builder.Build();
    }
}
