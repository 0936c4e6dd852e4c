using Grid.Primitives;
using Grid.Storage.Tests.Backends;

namespace Grid.Storage.Tests.Conformance;

/// <summary>What every backend's store must do. A backend derives each suite and says where its stores live.</summary>
public abstract class StoreConformance(IStoreBackend backend) : IAsyncLifetime
{
    private readonly List<IGridStore> _opened = [];

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _opened)
        {
            await store.DisposeAsync();
        }

        await backend.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<IGridStore> OpenAsync(StoreFaults? faults = null, TimeProvider? time = null, TimeSpan? grace = null)
    {
        var store = await backend.OpenAsync(faults, time, grace);
        _opened.Add(store);
        return store;
    }

    protected async Task<IGridStore> ReopenAsync(IGridStore store, StoreFaults? faults = null)
    {
        await store.DisposeAsync();
        return await OpenAsync(faults);
    }

    protected static async Task<ShardLease> TakeAsync(IGridStore store, ShardKey shard, string owner = "a") =>
        (await store.Shards.TakeEpochsAsync([shard], owner, Token))[0];

    protected static async Task<AppendOutcome> AppendAsync(IGridStore store, ShardLease lease, long sequence, string payload) =>
        await store.Shards.AppendAsync(lease.Shard, lease.Epoch, sequence, Blocks.Bytes(payload), Token);

    protected static async Task AppendManyAsync(IGridStore store, ShardLease lease, long first, long last)
    {
        for (var sequence = first; sequence <= last; sequence++)
        {
            Assert.Equal(AppendStatus.Committed, (await AppendAsync(store, lease, sequence, $"block {sequence}")).Status);
        }
    }

    protected static Task<SnapshotOutcome> SnapshotAsync(IGridStore store, ShardLease lease, long sequence, int[] live, params (int Page, string Content)[] dirty) =>
        store.Shards.WriteSnapshotAsync(lease.Shard, lease.Epoch, Change(sequence, live, dirty), Token);

    protected static SnapshotChange Change(long sequence, int[] live, params (int Page, string Content)[] dirty) =>
        new(sequence, Blocks.Bytes($"manifest {sequence}"), [.. dirty.Select(static d => new SnapshotPage(d.Page, Blocks.Bytes(d.Content)))], live);

    protected static async Task<string> DescribeAsync(IGridStore store, ShardLease lease)
    {
        var image = await store.Shards.LoadAsync(lease, Token);
        var snapshot = image.Snapshot is { } s
            ? $"{Blocks.Text(s.Manifest)} [{string.Join(", ", s.Pages.Select(static p => $"{p.PageId}={Blocks.Text(p.Content)}"))}]"
            : "none";
        return $"{snapshot} + {string.Join(", ", image.Blocks.Select(static b => $"{b.Sequence}@{b.Epoch}={Blocks.Text(b.Payload)}"))}";
    }
}
