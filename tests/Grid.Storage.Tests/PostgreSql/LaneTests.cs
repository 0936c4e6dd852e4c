using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Grid.Primitives;
using Grid.Storage.Tests.Backends;
using Grid.Storage.Tests.Conformance;
using Npgsql;

namespace Grid.Storage.Tests.PostgreSql;

/// <summary>Commits that lose their connection, that meet other processes, and that the engine throws out.</summary>
public sealed class LaneTests : StoreConformance
{
    private readonly PostgreSqlBackend _backend;

    public LaneTests() : this(new PostgreSqlBackend())
    {
    }

    private LaneTests(PostgreSqlBackend backend) : base(backend) => _backend = backend;

    [Theory]
    [InlineData(StoreFaultPoint.BeforeCommit)]
    [InlineData(StoreFaultPoint.AfterCommit)]
    public async Task ConnectionCutAtTheCommit_IsMadeAnew_AndEachBlockIsThereOnce(StoreFaultPoint at)
    {
        var reached = 0;
        await using var store = await _backend.OpenBesideAsync(
            new StoreFaults
            {
                Reached = (point, _, _) =>
                {
                    // Every third time, so that the attempt after a cut goes through.
                    if (point == at && ++reached % 3 == 1)
                    {
                        Assert.True(_backend.CutAsync().GetAwaiter().GetResult() > 0);
                        if (at == StoreFaultPoint.AfterCommit)
                        {
                            throw new StoreFaultException("the answer went down with the connection", isTransient: true);
                        }
                    }
                },
            },
            lanes: 1);
        var leases = await store.Shards.TakeEpochsAsync([.. Enumerable.Range(0, 8).Select(Blocks.ShardOf)], "a", Token);
        for (var sequence = 1; sequence <= 6; sequence++)
        {
            Assert.All(await Task.WhenAll(leases.Select(lease => AppendAsync(store, lease, sequence, $"block {sequence}"))), static o => Assert.Equal(AppendStatus.Committed, o.Status));
        }

        Assert.True(reached > 6);
        foreach (var lease in leases)
        {
            Assert.Equal("none + 1@1=block 1, 2@1=block 2, 3@1=block 3, 4@1=block 4, 5@1=block 5, 6@1=block 6", await DescribeAsync(store, lease));
        }
    }

    [Fact]
    public async Task SiloThatHangsBeforeItsCommit_HoldsTheShardNoLongerThanAStatementMayTake()
    {
        using var hangs = new ManualResetEventSlim();
        using var mayGoOn = new ManualResetEventSlim();
        await using var hung = await _backend.OpenBesideAsync(
            new StoreFaults
            {
                Reached = (point, _, _) =>
                {
                    if (point == StoreFaultPoint.BeforeCommit)
                    {
                        hangs.Set();
                        mayGoOn.Wait();
                    }
                },
            },
            lanes: 1,
            TimeSpan.FromSeconds(1));
        await using var other = await _backend.OpenBesideAsync();
        try
        {
            var lost = (await hung.Shards.TakeEpochsAsync([Blocks.Shard], "a", Token))[0];
            var appending = AppendAsync(hung, lost, 1, "lost");
            Assert.True(await Task.Run(() => hangs.Wait(TimeSpan.FromMinutes(2)), Token));

            var lease = (await other.Shards.TakeEpochsAsync([Blocks.Shard], "b", Token))[0];
            Assert.Equal(AppendStatus.Committed, (await AppendAsync(other, lease, 1, "kept")).Status);
            mayGoOn.Set();
            Assert.Equal(AppendStatus.Fenced, (await appending).Status);
            Assert.Equal("none + 1@2=kept", await DescribeAsync(other, lease));
        }
        finally
        {
            mayGoOn.Set();
        }
    }

    [Fact]
    public async Task ConnectionsCutAtAnyMoment_LoseNothingThatWasAcknowledged_AndRepeatNothing()
    {
        const int shards = 16, last = 200, acknowledgedPerCut = 100;
        await using var store = await _backend.OpenBesideAsync();
        var leases = await store.Shards.TakeEpochsAsync([.. Enumerable.Range(0, shards).Select(Blocks.ShardOf)], "a", Token);
        using var acknowledged = new SemaphoreSlim(0);
        var writing = leases.Select(async lease =>
        {
            for (var sequence = 1; sequence <= last;)
            {
                var outcome = await AppendAsync(store, lease, sequence, $"block {sequence}");
                Assert.True(outcome.Status is AppendStatus.Committed or AppendStatus.Refused, $"{outcome}");
                if (outcome.IsCommitted)
                {
                    sequence++;
                    acknowledged.Release();
                }
            }
        }).ToArray();

        // Without faults a commit is one statement: the cut meets it anywhere, also between durable and answered.
        long cuts = 0;
        for (var acknowledgements = 1; acknowledgements < shards * last; acknowledgements++)
        {
            await acknowledged.WaitAsync(Token);
            if (acknowledgements % acknowledgedPerCut == 0)
            {
                cuts += await _backend.CutAsync();
            }
        }

        await Task.WhenAll(writing);
        Assert.True(cuts >= shards * last / acknowledgedPerCut / 2, $"only {cuts} connections were cut");
        foreach (var lease in leases)
        {
            var image = await store.Shards.LoadAsync(lease, Token);
            Assert.Equal(Enumerable.Range(1, last).Select(static s => $"block {s}"), image.Blocks.Select(static b => Blocks.Text(b.Payload)));
        }
    }

    [Fact]
    public async Task OwnersInTwoProcesses_ExactlyOneBlockWinsEachSequence()
    {
        await using var first = await _backend.OpenBesideAsync();
        await using var second = await _backend.OpenBesideAsync();
        for (var seed = 0; seed < 8; seed++)
        {
            var committed = new ConcurrentDictionary<long, string>();
            await Task.WhenAll(RaceAsync(first, "a", seed, committed), RaceAsync(second, "b", seed, committed));
            var image = await first.Shards.LoadAsync(await TakeAsync(first, Blocks.ShardOf(seed), "c"), Token);
            Assert.True(image.Blocks.Count == committed.Count, $"seed {seed}: {image.Blocks.Count} blocks, {committed.Count} acknowledged");
            Assert.All(image.Blocks, b => Assert.True(committed[b.Sequence] == Blocks.Text(b.Payload), $"seed {seed}: sequence {b.Sequence} has '{Blocks.Text(b.Payload)}'"));
        }
    }

    [Fact]
    public async Task OwnerThatWaits_IsFencedByAnotherProcess_AndItsSnapshotToo()
    {
        await using var first = await _backend.OpenBesideAsync();
        await using var second = await _backend.OpenBesideAsync();
        var old = await TakeAsync(first, Blocks.Shard, "a");
        await AppendManyAsync(first, old, 1, 1);
        var snapshot = SnapshotAsync(first, old, 2, [1], (1, "one"));
        var lease = await TakeAsync(second, Blocks.Shard, "b");
        Assert.Equal(new ConfirmOutcome(Blocks.Shard, false, 2, "b"), (await first.Shards.ConfirmAsync([old], Token))[0]);
        Assert.Equal(AppendStatus.Fenced, (await AppendAsync(first, old, 2, "from a")).Status);
        Assert.Equal(SnapshotStatus.Fenced, (await snapshot).Status);
        await AppendManyAsync(second, lease, 2, 2);
        Assert.Equal("none + 1@1=block 1, 2@2=block 2", await DescribeAsync(second, lease));
    }

    [Fact]
    public async Task LaneInADeadlock_IsThrownOut_AndCommitsAfterwards()
    {
        using var commitMayGoOn = new ManualResetEventSlim(initialState: true);
        using var commitIsWaiting = new SemaphoreSlim(0);
        var attempts = 0;
        await using var store = await _backend.OpenBesideAsync(
            new StoreFaults
            {
                Reached = (point, shard, _) =>
                {
                    attempts += point == StoreFaultPoint.BlockInsert && shard == Blocks.ShardOf(0) ? 1 : 0;
                    if (point == StoreFaultPoint.BeforeCommit && !commitMayGoOn.IsSet)
                    {
                        commitIsWaiting.Release();
                        commitMayGoOn.Wait(CancellationToken.None);
                    }
                },
            },
            lanes: 1);
        var leases = await store.Shards.TakeEpochsAsync([.. Enumerable.Range(0, 4).Select(Blocks.ShardOf)], "a", Token);
        await using var gate = await _backend.ConnectAsync();
        await using var other = await _backend.ConnectAsync();
        await ExecuteAsync(other, "set deadlock_timeout = '1h'");

        // 1. Three blocks gather behind a commit that is held, so that they share the next statement.
        commitMayGoOn.Reset();
        var held = AppendAsync(store, leases[3], 1, "block 1");
        await commitIsWaiting.WaitAsync(Token);
        var appends = leases.Take(3).Select(lease => AppendAsync(store, lease, 1, "block 1")).ToArray();

        // 2. The lane gets the first row and waits for the second at the gate; the other one holds the third, and waits for the first.
        await using var closed = await gate.BeginTransactionAsync(Token);
        await ExecuteAsync(gate, "select from shard_owner where shard = 1 for update");
        await using var transaction = await other.BeginTransactionAsync(Token);
        await ExecuteAsync(other, "select from shard_owner where shard = 2 for update");
        commitMayGoOn.Set();
        await WaitForALockAsync();
        var cycle = ExecuteAsync(other, "select from shard_owner where shard = 0 for update");
        await WaitForALockAsync(other.ProcessID);

        // 3. The gate opens, and the lane closes the circle: it is the last to wait, so it is the one that looks for a deadlock.
        await closed.CommitAsync(Token);
        await cycle;
        await transaction.CommitAsync(Token);

        Assert.All(await Task.WhenAll([held, .. appends]), static o => Assert.Equal(AppendStatus.Committed, o.Status));
        Assert.Equal(2, attempts);
    }

    [Fact]
    public async Task ManyLanesOfTwoProcesses_OverTheSameShards_NeverDeadlock()
    {
        const int shards = 64, rounds = 30;
        await using var first = await _backend.OpenBesideAsync();
        await using var second = await _backend.OpenBesideAsync();
        var retries = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "grid.storage.commit.retries" && (instrument.Meter.Scope == first || instrument.Meter.Scope == second))
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref retries, count));
        listener.Start();
        ShardKey[] keys = [.. Enumerable.Range(0, shards).Select(Blocks.ShardOf)];
        var leases = await first.Shards.TakeEpochsAsync(keys, "a", Token);

        // The same lease in both: each block is sent twice, in opposite orders, and is there once.
        for (var sequence = 1; sequence <= rounds; sequence++)
        {
            var outcomes = await Task.WhenAll(
                leases.Select(lease => AppendAsync(first, lease, sequence, $"{sequence}"))
                    .Concat(leases.Reverse().Select(lease => AppendAsync(second, lease, sequence, $"{sequence}"))));
            Assert.All(outcomes, static o => Assert.Equal(AppendStatus.Committed, o.Status));
        }

        await second.Shards.TakeEpochsAsync([.. keys.Reverse()], "b", Token);
        Assert.Equal(shards * rounds, await _backend.CountAsync("shard_log"));
        Assert.Equal(0, retries);
    }

    [Fact]
    public async Task RunThatIsPartlyThere_IsCompleted()
    {
        await using var store = await _backend.OpenBesideAsync();
        var lease = await TakeAsync(store, Blocks.Shard);
        await AppendManyAsync(store, lease, 1, 3);
        var again = await Task.WhenAll(new[] { 2, 3, 4, 5, 9, 6 }.Select(s => AppendAsync(store, lease, s, $"block {s}")));
        Assert.Equal(
            [AppendStatus.Committed, AppendStatus.Committed, AppendStatus.Committed, AppendStatus.Committed, AppendStatus.OutOfSequence, AppendStatus.Committed],
            again.Select(static o => o.Status));
        Assert.Equal(6, (await store.Shards.LoadAsync(lease, Token)).Blocks.Count);
    }

    [Fact]
    public async Task EngineWithoutSpace_RefusesEveryWrite_AndRecoversByItself()
    {
        var faults = new StoreFaults();
        await using var store = await _backend.OpenBesideAsync(faults);
        var lease = await TakeAsync(store, Blocks.Shard);
        faults.DiskIsFull = true;
        var refused = await AppendAsync(store, lease, 1, "block 1");
        Assert.Equal((AppendStatus.Refused, GridErrorCode.Unavailable), (refused.Status, refused.Error!.Code));
        Assert.Contains("disk of the database is full", refused.Error.Message, StringComparison.Ordinal);
        Assert.True(refused.Error.RetryAfterMs > 0);
        Assert.Equal(GridErrorCode.Unavailable, (await Assert.ThrowsAsync<GridException>(() => store.Catalogue.SwapAsync(new CatalogueKey("model", "m"), 0, default, Token))).Code);
        faults.DiskIsFull = false;
        await AppendManyAsync(store, lease, 1, 1);
    }

    private static async Task RaceAsync(IGridStore store, string owner, int seed, ConcurrentDictionary<long, string> committed)
    {
        var random = new Random((seed * 2) + owner[0]);
        for (var life = 0; life < 6; life++)
        {
            var lease = await TakeAsync(store, Blocks.ShardOf(seed), owner);
            var appends = Enumerable.Range(1, random.Next(1, 12)).Select(i => (Sequence: lease.LastSequence + i, Payload: $"{owner} {lease.Epoch} {i}")).ToArray();
            var outcomes = await Task.WhenAll(appends.Select(a => AppendAsync(store, lease, a.Sequence, a.Payload)));
            for (var i = 0; i < appends.Length; i++)
            {
                Assert.True(outcomes[i].Status is AppendStatus.Committed or AppendStatus.Fenced, $"seed {seed}: {outcomes[i]}");
                Assert.True(!outcomes[i].IsCommitted || committed.TryAdd(appends[i].Sequence, appends[i].Payload), $"seed {seed}: sequence {appends[i].Sequence} was acknowledged twice");
            }
        }
    }

    private async Task WaitForALockAsync(int? process = null)
    {
        var server = await _backend.ServerAsync();
        while (process is { } id
            ? await server.QueryAsync<string>($"select wait_event_type from pg_stat_activity where pid = {id}") != "Lock"
            : await _backend.WaitingAsync() == 0)
        {
            Token.ThrowIfCancellationRequested();
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }
}
