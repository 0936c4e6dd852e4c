using System.Diagnostics;
using Grid.Inference.Hosting;
using Grid.Inference.Manifests;
using Grid.Inference.Repository;
using Grid.Inference.Scheduling;
using Grid.Inference.Tests.Support;
using Grid.Primitives;

namespace Grid.Inference.Tests;

public sealed class ModelHostTests
{
    /// <summary>A hang is a failure; nothing here waits for time to pass.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly byte[] Identity = OnnxBuilder.Identity(OnnxBuilder.Float, null, 1);

    private static readonly RunContext Context = new("t");

    [Fact]
    public async Task LoadThatIsStuck_HoldsUpNoRunsOfOthers()
    {
        using var gate = new ManualResetEventSlim();
        using var reached = new ManualResetEventSlim();
        await using var test = new TestHost(new FaultPoints
        {
            BeforeLoad = key =>
            {
                if (key.Model == "b")
                {
                    reached.Set();
                    gate.Wait(Patience);
                }
            },
        });
        using var a = await test.LoadAsync("a", Identity);
        var load = test.Host.LoadAsync(TestHost.Key("b"), await test.PackAsync("b", Identity), null);
        Assert.True(reached.Wait(Patience));

        using (var requests = new Requests(a))
        {
            for (var i = 0; i < 100; i++)
            {
                Assert.True((await requests.SendAsync("t").WaitAsync(Patience)).IsOk);
            }
        }

        Assert.False(load.IsCompleted);
        Assert.False(test.Host.TryAcquire(TestHost.Key("b"), out _));
        Assert.Equal(ModelState.Loading, test.Host.Status.Single(s => s.Key.Model == "b").State);
        gate.Set();
        Assert.Equal(ModelState.Ready, (await load).State);
        Assert.True(test.Host.TryAcquire(TestHost.Key("b"), out var b));
        b.Dispose();
    }

    [Fact]
    public async Task LoadThatFails_IsReportedAndLeavesOthersServing()
    {
        await using var test = new TestHost();
        using var good = await test.LoadAsync("good", Identity);
        // Structure that the inspector accepts, with an operator that does not exist.
        var onnx = new OnnxBuilder().Node("NoSuchOperator", ["x"], ["y"]).Input("x", OnnxBuilder.Float, null, 1).Output("y", OnnxBuilder.Float, null, 1).Build();

        var exception = await Assert.ThrowsAsync<GridException>(() => test.LoadAsync("bad", onnx));

        Assert.Equal((GridErrorCode.InvalidArgument, "version 'default/bad/1'"), (exception.Code, exception.Error.Target));
        Assert.Contains("NoSuchOperator", exception.Message, StringComparison.Ordinal);
        var status = test.Host.Status.Single(s => s.Key.Model == "bad");
        Assert.Equal((ModelState.Failed, exception.Error), (status.State, status.Error));
        Assert.Equal(exception.Error, (await Assert.ThrowsAsync<GridException>(() => test.Host.AcquireAsync(TestHost.Key("bad")).AsTask())).Error);
        using var requests = new Requests(good);
        Assert.True((await requests.SendAsync("t")).IsOk);
        // It may be replaced, since nothing of it was ever served.
        using var repaired = await test.LoadAsync("bad", Identity);
        Assert.Equal(2, test.Faults.LiveSessions);
    }

    [Fact]
    public async Task ManifestThatDoesNotFit_FailsTheLoadWithAllMistakes()
    {
        await using var test = new TestHost();
        var manifest = new ModelManifest
        {
            Inputs = [new("x", [new(ColumnSource.Request, "a"), new(ColumnSource.Request, "b")])],
            Outputs = [new("p", "z")],
            Baseline = "none.json",
        };
        var exception = await Assert.ThrowsAsync<GridException>(() => test.LoadAsync("m", Identity, manifest));
        Assert.Equal(
            ["version 'default/m/1' inputs.x", "version 'default/m/1' outputs.p.output", "version 'default/m/1' baseline"],
            exception.Errors.Select(e => e.Target));
    }

    [Fact]
    public async Task SameKeyWithOtherBytes_IsRefused()
    {
        await using var test = new TestHost();
        using var first = await test.LoadAsync("m", Identity);
        // The same again is answered at once.
        using (await test.LoadAsync("m", Identity))
        {
        }

        var exception = await Assert.ThrowsAsync<GridException>(() => test.LoadAsync("m", OnnxBuilder.Identity(OnnxBuilder.Float, null, 2)));
        Assert.Equal(GridErrorCode.AlreadyExists, exception.Code);
        Assert.Contains(first.Digest.ToString(), exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, test.Faults.LiveSessions);
    }

    [Fact]
    public async Task BytesThatChangedSinceTheyWereRegistered_AreFoundByDigest()
    {
        await using var test = new TestHost();
        var package = await test.PackAsync("m", Identity);
        await test.PackAsync("m", OnnxBuilder.Identity(OnnxBuilder.Float, null, 2));

        var exception = await Assert.ThrowsAsync<GridException>(() => test.Host.LoadAsync(TestHost.Key("m"), package, null));

        Assert.Equal(GridErrorCode.Corrupt, exception.Code);
        Assert.Contains("model.onnx", exception.Error.Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unload_WaitsForLeasesAndRuns()
    {
        using var gate = new ManualResetEventSlim();
        using var reached = new ManualResetEventSlim();
        await using var test = new TestHost(new FaultPoints
        {
            BeforeRun = (_, _) =>
            {
                reached.Set();
                gate.Wait(Patience);
            },
        });
        var replica = await test.LoadAsync("m", Identity, new ModelManifest { Inputs = [new("x", [new(ColumnSource.Request, "v")])], Limits = new() { Inline = InlineMode.Never } });
        var requests = new Requests(replica);
        var run = requests.SendAsync("t");
        Assert.True(reached.Wait(Patience));
        replica.Dispose();

        var unload = test.Host.UnloadAsync(TestHost.Key("m"));

        Assert.False(test.Host.TryAcquire(TestHost.Key("m"), out _));
        Assert.Equal(ModelState.Unloading, Assert.Single(test.Host.Status).State);
        Assert.Equal(1, test.Faults.LiveSessions);
        gate.Set();
        Assert.True((await run).IsOk);
        // The buffer is a reference too.
        Assert.False(unload.IsCompleted);
        Assert.Equal(1, test.Faults.LiveSessions);
        requests.Dispose();
        Assert.True(await unload.WaitAsync(Patience));
        Assert.Equal(0, test.Faults.LiveSessions);
        Assert.Empty(test.Host.Status);
        Assert.False(await test.Host.UnloadAsync(TestHost.Key("m")));
    }

    [Fact]
    public async Task HundredLoadsAndUnloads_LeaveNoSession()
    {
        await using var test = new TestHost(new FaultPoints { Cost = static _ => 1 });
        for (var i = 0; i < 100; i++)
        {
            using (var replica = await test.LoadFlightsAsync())
            {
                Assert.Equal(1, test.Faults.LiveSessions);
                using var requests = new Requests(replica);
                Assert.True((await requests.SendAsync("t")).IsOk);
            }

            Assert.True(await test.Host.UnloadAsync(TestHost.Key("flights-late")));
            Assert.Equal((0, 0L), (test.Faults.LiveSessions, test.Host.LoadedBytes));
        }
    }

    [Fact]
    public async Task BudgetThatIsFull_EvictsTheIdleVersionUsedLongestAgo()
    {
        var one = MemoryEstimate.For(Identity.Length);
        await using var test = new TestHost(options: new ModelHostOptions { MemoryBudgetBytes = Math.Max(1 << 20, one * 5) });
        var room = (int)(Math.Max(1 << 20, one * 5) / one);
        for (var i = 0; i < room; i++)
        {
            (await test.LoadAsync($"m{i}", Identity)).Dispose();
            test.Time.Advance(TimeSpan.FromSeconds(1));
        }

        // The first is in use, the second was used last: the third is the one to go.
        Assert.True(test.Host.TryAcquire(TestHost.Key("m0"), out var used));
        Assert.True(test.Host.TryAcquire(TestHost.Key("m1"), out var recent));
        recent.Dispose();
        (await test.LoadAsync("new", Identity)).Dispose();

        Assert.Equal(["m2"], test.Host.Status.Where(s => s.State == ModelState.Evicted).Select(s => s.Key.Model));
        Assert.Equal(room, test.Faults.LiveSessions);
        Assert.InRange(test.Host.LoadedBytes, 1, test.Host.Options.MemoryBudgetBytes);
        // It comes back on demand, and another one goes.
        Assert.False(test.Host.TryAcquire(TestHost.Key("m2"), out _));
        using (var back = await test.Host.AcquireAsync(TestHost.Key("m2")))
        {
            Assert.Equal(room, test.Faults.LiveSessions);
        }

        Assert.Equal(ModelState.Ready, test.Host.Status.Single(s => s.Key.Model == "m0").State);
        used.Dispose();
    }

    [Fact]
    public async Task VersionLargerThanTheBudget_IsRefusedAndNothingIsEvicted()
    {
        await using var test = new TestHost(options: new ModelHostOptions { MemoryBudgetBytes = 1 << 20 });
        (await test.LoadAsync("small", Identity)).Dispose();
        var exception = await Assert.ThrowsAsync<GridException>(() => test.LoadAsync("large", TestFiles.Bench("gbt32.onnx")));
        Assert.Equal((GridErrorCode.TooLarge, "version 'default/large/1'"), (exception.Code, exception.Error.Target));
        Assert.Contains("MemoryBudgetBytes", exception.Error.Fix, StringComparison.Ordinal);
        Assert.Equal(ModelState.Ready, test.Host.Status.Single(s => s.Key.Model == "small").State);
    }

    [Fact]
    public async Task BudgetHeldByVersionsInUse_RefusesTheNewOneForNow()
    {
        var one = MemoryEstimate.For(Identity.Length);
        await using var test = new TestHost(options: new ModelHostOptions { MemoryBudgetBytes = 1 << 20 });
        var leases = new List<Replica>();
        for (var i = 0; i < (1 << 20) / one; i++)
        {
            leases.Add(await test.LoadAsync($"m{i}", Identity));
        }

        var exception = await Assert.ThrowsAsync<GridException>(() => test.LoadAsync("new", Identity));
        Assert.Equal(GridErrorCode.Unavailable, exception.Code);
        Assert.NotNull(exception.Error.RetryAfterMs);
        leases.ForEach(static l => l.Dispose());
        (await test.LoadAsync("new", Identity)).Dispose();
    }

    [Fact]
    public async Task Stop_DrainsWhatWaitsAndRefusesTheRest()
    {
        await using var test = new TestHost(new FaultPoints { WorkersAreStepped = true });
        using var replica = await test.LoadAsync("m", Identity, new ModelManifest { Limits = new() { Inline = InlineMode.Never, MaxDelayMs = 10 } });
        using var requests = new Requests(replica);
        requests.Post("t");
        var stop = test.Host.StopAsync(CancellationToken.None);

        Assert.Equal(GridErrorCode.Unavailable, (await requests.SendAsync("t")).Error!.Code);
        Assert.False(stop.IsCompleted);
        Assert.True(test.Host.Scheduler.TryStep());
        await stop.WaitAsync(Patience);
        Assert.True((await requests[0]).IsOk);
        await Assert.ThrowsAsync<GridException>(() => test.LoadAsync("late", Identity));
    }

    [Fact]
    public async Task StopThatRunsOutOfTime_RefusesWhatWaitsByName()
    {
        await using var test = new TestHost(new FaultPoints { WorkersAreStepped = true });
        using var replica = await test.LoadAsync("m", Identity, new ModelManifest { Limits = new() { Inline = InlineMode.Never } });
        using var requests = new Requests(replica);
        requests.Post("t");
        using var cancel = new CancellationTokenSource();
        var stop = test.Host.StopAsync(cancel.Token);
        cancel.Cancel();
        await stop.WaitAsync(Patience);
        var error = (await requests[0]).Error!;
        Assert.Equal((GridErrorCode.Unavailable, "version 'default/m/1'"), (error.Code, error.Target));
    }

    [Fact]
    public async Task SessionWhoseLeaseOutlivesTheHost_EndsWithTheLease()
    {
        var test = new TestHost();
        var replica = await test.LoadAsync("m", Identity);
        await test.DisposeAsync();
        Assert.Equal(1, test.Faults.LiveSessions);
        replica.Dispose();
        Assert.Equal(0, test.Faults.LiveSessions);
    }

    [Fact]
    public void WrongOptions_AreAllReported()
    {
        var exception = Assert.Throws<GridException>(() => new ModelHost(new ModelHostOptions
        {
            WorkerThreads = 0,
            InlineRunsPerCore = 65,
            InlineBelowMicroseconds = double.NaN,
            MemoryBudgetBytes = 1,
        }));
        Assert.Equal(4, exception.Errors.Length);
        Assert.Empty(new ModelHostOptions { WorkerThreads = 256, InlineRunsPerCore = 64, InlineBelowMicroseconds = 10_000, MemoryBudgetBytes = 1 << 20 }.Check());
    }

    [Fact]
    public async Task Workers_RunWhatCallersQueue()
    {
        await using var test = new TestHost();
        using var replica = await test.LoadFlightsAsync(limits: new ManifestLimits { Inline = InlineMode.Never });
        using var requests = new Requests(replica);
        var threads = Process.GetCurrentProcess().Threads.Count;
        for (var i = 0; i < 500; i++)
        {
            requests.Post($"t{i % 3}", rows: 1 + (i % 7));
        }

        Assert.All(await requests.OutcomesAsync(), Assert.True);
        Assert.InRange(threads, 1, 200);
        var status = Assert.Single(test.Host.Status);
        Assert.Equal(Enumerable.Range(0, 500).Sum(static i => 1 + (i % 7)), status.Rows);
        Assert.Equal(0, status.Waiting);
        Assert.All(status.Costs, c => Assert.True(c.Nanoseconds > 0));
    }
}
