using Grid.Primitives;
using Grid.Storage.Tests.Backends;
using Grid.TestKit.PostgreSql;

namespace Grid.Storage.Tests.PostgreSql;

/// <summary>A database that stops, crashes and starts again under a store that stays open.</summary>
public sealed class AwayTests : IAsyncLifetime
{
    private PostgreSqlServer? _server;
    private PostgreSqlBackend? _backend;
    private IGridStore? _store;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private PostgreSqlServer Server => _server!;

    private IGridStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgreSqlServer.CreateAsync(SharedPostgreSql.Programs());
        _backend = new PostgreSqlBackend(_server);
        _store = await _backend.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        if (_backend is not null)
        {
            await _backend.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DatabaseAway_AppendsAreRefused_ReadsSayUnavailable_AndAllGoesOnByItself(bool crashes)
    {
        var content = Blocks.Of(1, 1);
        var lease = (await Store.Shards.TakeEpochsAsync([Blocks.Shard], "a", Token))[0];
        Assert.True((await AppendAsync(lease, 1)).IsCommitted);
        await Store.Catalogue.SwapAsync(new CatalogueKey("model", "m"), 0, Blocks.Bytes("v1"), Token);
        var artifact = await Store.Artifacts.PutAsync(new MemoryStream(content), content.Length, Token);
        await (crashes ? Server.CrashAsync() : Server.StopAsync());

        for (var attempt = 0; attempt < 3; attempt++)
        {
            var refused = await AppendAsync(lease, 2);
            Assert.Equal(AppendStatus.Refused, refused.Status);
            AssertAway(refused.Error!);
        }

        var snapshot = await Store.Shards.WriteSnapshotAsync(lease.Shard, 1, new SnapshotChange(1, default, [], []), Token);
        Assert.Equal(SnapshotStatus.Refused, snapshot.Status);
        AssertAway(snapshot.Error!);
        AssertAway((await Assert.ThrowsAsync<GridException>(() => Store.Shards.LoadAsync(lease, Token))).Error);
        AssertAway((await Assert.ThrowsAsync<GridException>(() => Store.Shards.ConfirmAsync([lease], Token))).Error);
        AssertAway((await Assert.ThrowsAsync<GridException>(() => Store.Shards.TakeEpochsAsync([Blocks.Shard], "b", Token))).Error);
        AssertAway((await Assert.ThrowsAsync<GridException>(() => Store.Catalogue.ReadAsync(0, Token))).Error);
        AssertAway((await Assert.ThrowsAsync<GridException>(() => Store.Catalogue.DeleteAsync(new CatalogueKey("model", "m"), 1, Token))).Error);
        AssertAway((await Assert.ThrowsAsync<GridException>(() => _backend!.OpenBesideAsync())).Error);

        // What this machine has a copy of is served without the database.
        await using (var copy = await Store.Artifacts.OpenAsync(artifact.Digest, Token))
        {
            var read = new byte[content.Length];
            await copy.ReadExactlyAsync(read, Token);
            Assert.Equal(content, read);
        }

        await Server.StartAsync();
        Assert.True((await AppendAsync(lease, 2)).IsCommitted);
        Assert.Equal(2, (await Store.Shards.LoadAsync(lease, Token)).Blocks.Count);
        Assert.True((await Store.Shards.ConfirmAsync([lease], Token))[0].IsOwner);
        Assert.Equal(1, (await Store.Catalogue.ReadAsync(0, Token)).Revision);
        Assert.True((await Store.Catalogue.DeleteAsync(new CatalogueKey("model", "m"), 1, Token)).IsSwapped);
        Assert.Equal(SnapshotStatus.Switched, (await Store.Shards.WriteSnapshotAsync(lease.Shard, 1, new SnapshotChange(1, default, [], []), Token)).Status);
    }

    [Fact]
    public async Task DatabaseThatCrashesUnderLoad_KeepsEveryAcknowledgedBlock_AndTheWritersGoOn()
    {
        const int shards = 8, last = 150, crashes = 3;
        var leases = await Store.Shards.TakeEpochsAsync([.. Enumerable.Range(0, shards).Select(Blocks.ShardOf)], "a", Token);
        using var acknowledged = new SemaphoreSlim(0);
        var isUp = new TaskCompletionSource();
        isUp.SetResult();
        var refused = 0;
        var writing = leases.Select(async lease =>
        {
            for (var sequence = 1; sequence <= last;)
            {
                var outcome = await AppendAsync(lease, sequence);
                Assert.True(outcome.Status is AppendStatus.Committed or AppendStatus.Refused, $"{outcome}");
                if (outcome.IsCommitted)
                {
                    sequence++;
                    acknowledged.Release();
                }
                else
                {
                    Interlocked.Increment(ref refused);
                    await Volatile.Read(ref isUp).Task;
                }
            }
        }).ToArray();

        for (var crash = 0; crash < crashes; crash++)
        {
            for (var i = 0; i < shards * last / (crashes + 1); i++)
            {
                await acknowledged.WaitAsync(Token);
            }

            Volatile.Write(ref isUp, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            await Server.CrashAsync();
            await Server.StartAsync();
            isUp.SetResult();
        }

        await Task.WhenAll(writing);
        Assert.True(refused > 0);
        foreach (var lease in leases)
        {
            var blocks = (await Store.Shards.LoadAsync(lease, Token)).Blocks;
            Assert.Equal(last, blocks.Count);
            Assert.All(blocks, b => Assert.True(b.Payload.Span.SequenceEqual(Blocks.Of(lease.Shard.Shard, b.Sequence))));
        }
    }

    private async Task<AppendOutcome> AppendAsync(ShardLease lease, long sequence) =>
        await Store.Shards.AppendAsync(lease.Shard, lease.Epoch, sequence, Blocks.Of(lease.Shard.Shard, sequence), Token);

    private static void AssertAway(GridError error)
    {
        Assert.Equal(GridErrorCode.Unavailable, error.Code);
        Assert.StartsWith("database '", error.Target, StringComparison.Ordinal);
        Assert.True(error.RetryAfterMs > 0);
        Assert.NotNull(error.Fix);
    }
}
