using Grid.Features.Paging;
using Grid.Features.Plans;
using Grid.Features.Shards;
using Grid.Primitives;

namespace Grid.Features.Tests.Model;

/// <summary>A shard with a log and a page store in memory, so that tests can seal, store, lose and load it.</summary>
internal sealed class ShardHarness : IDisposable
{
    private readonly PagePool _pool;
    private readonly ShardStateOptions? _options;
    private readonly FeaturePlan _plan;
    private readonly Dictionary<int, byte[]> _pages = [];
    private byte[]? _manifest;

    public ShardHarness(FeaturePlan plan, ShardStateOptions? options = null, int shard = 0, int shards = 1)
    {
        _plan = plan;
        _options = options;
        _pool = new PagePool();
        State = new ShardState(plan, shard, shards, _pool, options);
    }

    public ShardState State { get; }

    public List<byte[]> Log { get; } = [];

    /// <summary>Bytes that the shard and its snapshots hold.</summary>
    public long RentedBytes => _pool.RentedBytes;

    public Dictionary<Digest, FeaturePlan> Plans { get; } = [];

    public void Deliver(params ModelEvent[] events)
    {
        foreach (var part in events.GroupBy(static e => e.PartitionName))
        {
            Deliver(part.Key, [.. part]);
        }
    }

    /// <summary>Delivers events of one partition, one after the other from where the shard is.</summary>
    public void Deliver(string partition, ModelEvent[] events, int step = 3)
    {
        var builder = new EventBatchBuilder();
        foreach (var e in events)
        {
            e.AddTo(builder);
        }

        Deliver("feed", partition, builder.Build(), step);
    }

    public DeliveryCursor Deliver(string feed, string partition, EventBatch batch, int step = 3)
    {
        var check = State.BeginDelivery(feed, partition, -1, false);
        Assert.True(check.IsAccepted);
        var cursor = check.Cursor;
        while (cursor.Handled < batch.Count && cursor.Stopped == DeliveryRefusal.None)
        {
            State.ApplyDelivery(batch, ref cursor, step);
        }

        return cursor;
    }

    public EventOutcome[] Push(EventBatch batch, long receivedMs)
    {
        var outcomes = new EventOutcome[batch.Count];
        var cursor = default(PushCursor);
        while (cursor.Handled < batch.Count)
        {
            State.ApplyPush(batch, receivedMs, ref cursor, 2, outcomes);
        }

        return outcomes;
    }

    public void Seal()
    {
        using var block = State.SealBlock();
        if (block is not null)
        {
            Log.Add(block.Bytes.ToArray());
        }
    }

    public ShardSnapshot Capture() => State.CaptureSnapshot();

    /// <summary>Stores a snapshot as a store would: the changed pages, then the manifest; pages that it does not name go.</summary>
    public void Store(ShardSnapshot snapshot)
    {
        foreach (var page in snapshot.DirtyPages)
        {
            _pages[page.Id] = page.Content.ToArray();
        }

        foreach (var gone in _pages.Keys.Except(snapshot.LivePages).ToArray())
        {
            _pages.Remove(gone);
        }

        _manifest = snapshot.Manifest.ToArray();
        State.SnapshotCompleted(snapshot);
    }

    /// <summary>A new state from the stored snapshot, if any, and the log after it.</summary>
    public ShardState Load(FeaturePlan? plan = null) => Load(_manifest, id => _pages[id], plan);

    public ShardState Load(byte[]? manifest, Func<int, ReadOnlyMemory<byte>> pages, FeaturePlan? plan = null)
    {
        var state = manifest is null
            ? new ShardState(plan ?? _plan, State.Shard, State.Shards, _pool, _options)
            : ShardState.Restore(plan ?? _plan, State.Shard, State.Shards, _pool, _options, manifest, pages);
        foreach (var block in Log.Skip((int)state.Sequence))
        {
            state.Replay(block, d => Plans.GetValueOrDefault(d));
        }

        return state;
    }

    public byte[]? Manifest => _manifest;

    public IReadOnlyDictionary<int, byte[]> Pages => _pages;

    public float[] Read(VectorPlan vector, string entity, long asOfMs)
    {
        var values = new float[vector.Count];
        var outcome = State.ReadVector(vector, entity, asOfMs, [], values);
        Assert.True(outcome.IsOk, outcome.Error?.ToString());
        return values;
    }

    public void Dispose() => State.Dispose();
}
