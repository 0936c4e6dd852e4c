using System.Diagnostics.Metrics;
using Grid.Primitives;
using Grid.Storage.Sqlite;
using Grid.Storage.Tests.Backends;

namespace Grid.Storage.Tests.Sqlite;

/// <summary>The queue in front of the commits: bounds, waiting in line, closing, measurements.</summary>
public sealed class GroupCommitTests : IAsyncDisposable
{
    private readonly SqliteBackend _backend = new();
    private readonly ManualResetEventSlim _commitMayGoOn = new(initialState: true);
    private readonly SemaphoreSlim _commitIsWaiting = new(0);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        _commitMayGoOn.Dispose();
        _commitIsWaiting.Dispose();
    }

    [Fact]
    public async Task CallersBeyondTheQueue_WaitInLine_AndAllCommitInOrder()
    {
        await using var store = await OpenAsync(queueBlocks: 2);
        var lease = await TakeAsync(store);
        _commitMayGoOn.Reset();
        var appends = Enumerable.Range(1, 50).Select(s => AppendAsync(store, lease, s, Token)).ToArray();
        await _commitIsWaiting.WaitAsync(Token);
        Assert.DoesNotContain(appends, static a => a.IsCompleted);

        _commitMayGoOn.Set();
        Assert.All(await Task.WhenAll(appends), static o => Assert.Equal(AppendStatus.Committed, o.Status));
    }

    [Fact]
    public async Task BlockInLine_CanBeTakenBack_AndOneInTheQueueCannot()
    {
        await using var store = await OpenAsync(queueBlocks: 2);
        var lease = await TakeAsync(store);
        _commitMayGoOn.Reset();
        using var source = new CancellationTokenSource();
        var committing = AppendAsync(store, lease, 1, source.Token);
        await _commitIsWaiting.WaitAsync(Token);
        var queued = new[] { AppendAsync(store, lease, 2, source.Token), AppendAsync(store, lease, 3, source.Token) };
        var inLine = AppendAsync(store, lease, 4, source.Token);

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => inLine);
        _commitMayGoOn.Set();
        Assert.All(await Task.WhenAll([committing, .. queued]), static o => Assert.Equal(AppendStatus.Committed, o.Status));
        Assert.Equal(AppendStatus.Committed, (await AppendAsync(store, lease, 4, Token)).Status);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AppendAsync(store, lease, 5, source.Token));
    }

    [Fact]
    public async Task BytesInTheQueue_AreBoundedToo()
    {
        await using var store = await OpenAsync(queueBytes: 1 << 20);
        var lease = await TakeAsync(store);
        _commitMayGoOn.Reset();
        var payload = new byte[600_000];
        var first = store.Shards.AppendAsync(lease.Shard, 1, 1, payload, Token).AsTask();
        await _commitIsWaiting.WaitAsync(Token);
        using var source = new CancellationTokenSource();
        var queued = store.Shards.AppendAsync(lease.Shard, 1, 2, payload, source.Token).AsTask();
        var inLine = store.Shards.AppendAsync(lease.Shard, 1, 3, payload, source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => inLine);
        _commitMayGoOn.Set();
        Assert.True((await first).IsCommitted && (await queued).IsCommitted);
    }

    [Fact]
    public async Task ClosingTheStore_AnswersEveryCaller()
    {
        var store = await OpenAsync(queueBlocks: 4);
        var lease = await TakeAsync(store);
        _commitMayGoOn.Reset();
        var appends = Enumerable.Range(1, 20).Select(s => AppendAsync(store, lease, s, Token)).ToArray();
        await _commitIsWaiting.WaitAsync(Token);
        var closing = store.DisposeAsync().AsTask();
        _commitMayGoOn.Set();
        await closing;

        var committed = 0;
        foreach (var append in appends)
        {
            if (await Record.ExceptionAsync(() => append) is { } failure)
            {
                Assert.Equal(GridErrorCode.Unavailable, Assert.IsType<GridException>(failure).Code);
            }
            else
            {
                committed++;
                Assert.True((await append).IsCommitted);
            }
        }

        Assert.Equal(GridErrorCode.Unavailable, (await Assert.ThrowsAsync<GridException>(() => AppendAsync(store, lease, 21, Token))).Code);
        Assert.Equal(GridErrorCode.Unavailable, (await Assert.ThrowsAsync<GridException>(() => store.Shards.LoadAsync(lease, Token))).Code);
        await using var again = await OpenAsync();
        Assert.Equal(committed, (await TakeAsync(again)).LastSequence);
    }

    [Fact]
    public async Task BlocksThatGatherWhileACommitWaits_ShareTheNextOne_AndAreMeasured()
    {
        await using var store = await OpenAsync();
        var batches = new List<int>();
        long bytes = 0, fenced = 0;
        var durations = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, store))
            {
                Assert.Equal("Grid.Storage", instrument.Meter.Name);
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => batches.Add(value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) =>
        {
            Assert.Equal(("grid.storage.commit.duration", "s"), (instrument.Name, instrument.Unit));
            Assert.True(value > 0);
            durations++;
        });
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
        {
            bytes += instrument.Name == "grid.storage.append.size" ? value : 0;
            fenced += instrument.Name == "grid.storage.fenced" ? value : 0;
        });
        listener.Start();

        var lease = await TakeAsync(store);
        _commitMayGoOn.Reset();
        var first = AppendAsync(store, lease, 1, Token);
        await _commitIsWaiting.WaitAsync(Token);
        var rest = Enumerable.Range(2, 30).Select(s => AppendAsync(store, lease, s, Token)).ToArray();
        _commitMayGoOn.Set();
        await first;
        await Task.WhenAll(rest);
        await TakeAsync(store);
        await AppendAsync(store, lease, 32, Token);

        Assert.Equal([1, 30, 1], batches);
        Assert.Equal(3, durations);
        Assert.Equal(31 * 100, bytes);
        Assert.Equal(1, fenced);
    }

    private Task<SqliteGridStore> OpenAsync(int queueBlocks = 8_192, int queueBytes = 64 << 20)
    {
        var faults = new StoreFaults
        {
            Reached = (point, _, _) =>
            {
                if (point == StoreFaultPoint.BeforeCommit && !_commitMayGoOn.IsSet)
                {
                    _commitIsWaiting.Release();
                    _commitMayGoOn.Wait(CancellationToken.None);
                }
            },
        };
        return SqliteGridStore.OpenAsync(new SqliteStoreOptions { Folder = _backend.Folder, QueueBlocks = queueBlocks, QueueBytes = queueBytes, Faults = faults }, Token);
    }

    private static async Task<ShardLease> TakeAsync(SqliteGridStore store) => (await store.Shards.TakeEpochsAsync([Blocks.Shard], "a", Token))[0];

    private static async Task<AppendOutcome> AppendAsync(SqliteGridStore store, ShardLease lease, long sequence, CancellationToken cancellationToken) =>
        await store.Shards.AppendAsync(lease.Shard, lease.Epoch, sequence, new byte[100], cancellationToken);
}
