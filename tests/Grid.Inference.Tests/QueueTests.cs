using Grid.Inference.Hosting;
using Grid.Inference.Manifests;
using Grid.Inference.Rows;
using Grid.Inference.Scheduling;
using Grid.Inference.Tests.Support;
using Grid.Primitives;

namespace Grid.Inference.Tests;

/// <summary>The workers are stepped and the clock is moved by hand: what a queue does depends on nothing else.</summary>
public sealed class QueueTests
{
    /// <summary>A millisecond a row, so that deadlines are round numbers.</summary>
    private const double RowNanoseconds = 1e6;

    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task FullQueue_RefusesByNameWithLimitAndRetry()
    {
        await using var test = Stepped();
        using var replica = await LoadAsync(test, new ManifestLimits { Queue = 3, MaxBatch = 4 });
        using var flood = new Requests(replica);
        Enumerable.Range(0, 3).ToList().ForEach(_ => flood.Post("a"));

        var refused = await flood.SendAsync("a");

        Assert.Equal((GridErrorCode.Overloaded, "version 'default/identity/1'"), (refused.Error!.Code, refused.Error.Target));
        Assert.Contains("3 requests are waiting", refused.Error.Message, StringComparison.Ordinal);
        Assert.InRange(refused.Error.RetryAfterMs!.Value, 1, 3);
        Assert.True(test.Host.Scheduler.TryStep());
        Assert.Equal(3, (await flood[0]).BatchRows);
        Assert.Equal(0, test.Host.Waiting);
    }

    [Fact]
    public async Task FullQueueOfOneTenant_MakesRoomForAnother()
    {
        await using var test = Stepped();
        using var replica = await LoadAsync(test, new ManifestLimits { Queue = 4, MaxBatch = 4 });
        using var requests = new Requests(replica);
        Enumerable.Range(0, 4).ToList().ForEach(_ => requests.Post("flood"));
        requests.Post("other");

        Assert.Equal(GridErrorCode.Overloaded, (await requests[3]).Error!.Code);
        // Half of the queue each is a fair share: nobody is pushed out beyond that.
        requests.Post("other");
        var third = await requests.SendAsync("other");
        Assert.Equal(GridErrorCode.Overloaded, third.Error!.Code);
        while (test.Host.Scheduler.TryStep())
        {
        }

        Assert.Equal((bool[])[true, true, false, false, true, true, false], await requests.OutcomesAsync());
        Assert.Equal(0, test.Host.Waiting);
    }

    [Fact]
    public async Task FloodingTenant_DoesNotDelayAnothersRequest()
    {
        await using var test = Stepped();
        using var replica = await LoadAsync(test, new ManifestLimits { MaxBatch = 4, DeadlineMs = 600_000 });
        using var requests = new Requests(replica);
        Enumerable.Range(0, 100).ToList().ForEach(_ => requests.Post("flood"));
        requests.Post("other");

        test.Host.Scheduler.TryStep();

        Assert.True(requests.IsDone(100));
        Assert.Equal(3, Enumerable.Range(0, 100).Count(requests.IsDone));
        await DrainAsync(test, requests);
    }

    [Fact]
    public async Task TenantWithLargeRequests_GetsNoMoreRowsThanOneWithSmallOnes()
    {
        await using var test = Stepped();
        using var replica = await LoadAsync(test, new ManifestLimits { MaxBatch = 8, DeadlineMs = 600_000, Queue = 100_000 });
        using var requests = new Requests(replica);
        for (var i = 0; i < 200; i++)
        {
            requests.Post("small");
        }

        for (var i = 0; i < 25; i++)
        {
            requests.Post("large", rows: 8);
        }

        // Both have 200 rows. While both wait, neither gets ahead by more than a run and its saved-up turns.
        for (var done = 0; done < 150;)
        {
            test.Host.Scheduler.TryStep();
            var small = Enumerable.Range(0, 200).Count(requests.IsDone);
            var large = 8 * Enumerable.Range(200, 25).Count(requests.IsDone);
            Assert.InRange(small - large, -16, 16);
            done = small;
        }

        await DrainAsync(test, requests);
    }

    [Fact]
    public async Task RequestThatCannotMakeItsDeadline_IsRefusedAtOnceWithTheEstimate()
    {
        await using var test = Stepped();
        using var replica = await LoadAsync(test, new ManifestLimits { MaxBatch = 4, DeadlineMs = 600_000 });
        using var requests = new Requests(replica);
        Enumerable.Range(0, 20).ToList().ForEach(_ => requests.Post("a"));

        // One worker, 20 rows ahead at a millisecond each, and its own.
        var refused = await requests.SendAsync("a", deadline: test.Time.In(20 * Millisecond));
        requests.Post("a", deadline: test.Time.In(22 * Millisecond));
        // Another tenant's turn comes before all of that.
        requests.Post("b", deadline: test.Time.In(4 * Millisecond));

        Assert.Equal(GridErrorCode.DeadlineExceeded, refused.Error!.Code);
        Assert.Contains("20 ms are left until the deadline, and an answer takes about 21 ms", refused.Error.Message, StringComparison.Ordinal);
        Assert.False(requests.IsDone(21));
        Assert.False(requests.IsDone(22));
        await DrainAsync(test, requests);
    }

    [Fact]
    public async Task RequestWhoseDeadlinePassesWhileItWaits_IsDroppedBeforeTheRun()
    {
        await using var test = Stepped();
        using var replica = await LoadAsync(test, new ManifestLimits { DeadlineMs = 50 });
        using var requests = new Requests(replica);
        requests.Post("a");
        requests.Post("a", deadline: test.Time.In(100 * Millisecond));
        test.Time.Advance(60 * Millisecond);

        test.Host.Scheduler.TryStep();

        var expired = await requests[0];
        Assert.Equal(GridErrorCode.DeadlineExceeded, expired.Error!.Code);
        Assert.Contains("passed 10 ms before", expired.Error.Message, StringComparison.Ordinal);
        var ran = await requests[1];
        Assert.Equal((true, 1, 60 * Millisecond), (ran.IsOk, ran.BatchRows, ran.QueueTime));
        Assert.Equal(GridErrorCode.DeadlineExceeded, (await requests.SendAsync("a", deadline: test.Time.GetTimestamp())).Error!.Code);
    }

    [Fact]
    public async Task CancelledRequest_EndsAtOnceAndNeverRuns()
    {
        var ran = 0;
        await using var test = Stepped(beforeRun: (_, rows) => ran += rows);
        using var replica = await LoadAsync(test, new ManifestLimits());
        using var requests = new Requests(replica);
        using var cancel = new CancellationTokenSource();
        var cancelled = requests.SendAsync("a", cancellationToken: cancel.Token);
        requests.Post("a");
        cancel.Cancel();

        Assert.True(requests.IsDone(0));
        Assert.Equal(GridErrorCode.Cancelled, (await cancelled).Error!.Code);
        Assert.Equal(1, test.Host.Waiting);
        Assert.Equal(GridErrorCode.Cancelled, (await requests.SendAsync("a", cancellationToken: cancel.Token)).Error!.Code);
        await DrainAsync(test, requests);
        Assert.Equal(1, ran);
    }

    [Fact]
    public async Task RequestWithMoreRowsThanOneRun_IsSplitAndSharesItsLastRun()
    {
        var runs = new List<int>();
        await using var test = Stepped(beforeRun: (_, rows) => runs.Add(rows));
        using var replica = await LoadAsync(test, new ManifestLimits { MaxBatch = 8 });
        using var requests = new Requests(replica);
        requests.Post("a", rows: 19);
        requests.Post("a", rows: 2);

        await DrainAsync(test, requests);

        Assert.Equal([8, 8, 5], runs);
        Assert.Equal(8, (await requests[0]).BatchRows);
        Assert.Equal(5, (await requests[1]).BatchRows);
    }

    [Fact]
    public async Task ReplicasTakeTurns()
    {
        var runs = new List<string>();
        await using var test = Stepped(beforeRun: (key, _) => runs.Add(key.Model));
        using var first = await LoadAsync(test, new ManifestLimits { MaxBatch = 1 }, "first");
        using var second = await LoadAsync(test, new ManifestLimits { MaxBatch = 1 }, "second");
        using var a = new Requests(first);
        using var b = new Requests(second);
        Enumerable.Range(0, 4).ToList().ForEach(_ => a.Post("t"));
        b.Post("t");
        b.Post("t");

        await DrainAsync(test, a);

        Assert.Equal(["first", "second", "first", "second", "first", "first"], runs);
        Assert.Equal((bool[])[true, true], await b.OutcomesAsync());
    }

    [Fact]
    public async Task Delay_GathersRequestsUntilItIsOverOrARunIsFull()
    {
        await using var test = Stepped();
        using var replica = await LoadAsync(test, new ManifestLimits { MaxBatch = 4, MaxDelayMs = 5 });
        using var requests = new Requests(replica);
        requests.Post("a");
        requests.Post("a");
        Assert.False(test.Host.Scheduler.TryStep());
        test.Time.Advance(5 * Millisecond);
        Assert.True(test.Host.Scheduler.TryStep());
        Assert.Equal(2, (await requests[1]).BatchRows);

        Enumerable.Range(0, 4).ToList().ForEach(_ => requests.Post("a"));
        Assert.True(test.Host.Scheduler.TryStep());
        Assert.Equal(4, (await requests[5]).BatchRows);

        // A deadline that the delay would miss ends it.
        requests.Post("a", deadline: test.Time.In(4 * Millisecond));
        Assert.True(test.Host.Scheduler.TryStep());
        Assert.True((await requests[6]).IsOk);
    }

    [Fact]
    public async Task RunThatThrows_FailsByNameAndOthersGoOn()
    {
        await using var test = Stepped();
        using var bad = await test.LoadAsync("lookup", OnnxBuilder.Lookup(), new ModelManifest { Inputs = [new("x", [new(ColumnSource.Request, "at")])], Limits = new() { Inline = InlineMode.Never } });
        using var good = await LoadAsync(test, new ManifestLimits());
        using var onBad = new Requests(bad);
        using var onGood = new Requests(good);
        onBad.Post("a", value: 7);
        onGood.Post("a");
        await DrainAsync(test, onBad);

        var failed = await onBad[0];
        Assert.Equal((GridErrorCode.Internal, "version 'default/lookup/1'"), (failed.Error!.Code, failed.Error.Target));
        Assert.True((await onGood[0]).IsOk);
        onBad.Post("a", value: 1);
        await DrainAsync(test, onBad);
        Assert.True((await onBad[1]).IsOk);
        Assert.Equal(1, test.Host.Status.Single(s => s.Key.Model == "lookup").Failures);
    }

    [Fact]
    public async Task CheapRequest_QueuesWhereOthersWaitAlready()
    {
        RowBuffer? nested = null;
        Task<RunResult>? overtaking = null;
        Replica replica = default;
        await using var test = Stepped(beforeRun: (_, _) =>
        {
            // From inside a run: the one core's permit is out, so the second request must queue.
            if (overtaking is null)
            {
                nested = replica.Rent();
                nested.Input().Fill(2);
                overtaking = replica.RunAsync(nested, new RunContext("b")).AsTask();
            }
        });
        replica = await LoadAsync(test, new ManifestLimits { Inline = InlineMode.Always });
        using var requests = new Requests(replica);

        Assert.True((await requests.SendAsync("a")).WasInline);
        // A third finds the second waiting, and does not overtake it.
        requests.Post("c");
        Assert.Equal(2, test.Host.Waiting);
        await DrainAsync(test, requests);
        Assert.False((await overtaking!).WasInline);
        Assert.False((await requests[1]).WasInline);
        nested!.Dispose();
        replica.Dispose();
    }

    [Fact]
    public void InlineGate_LetsInAsManyAsItsLimit()
    {
        var gate = new InlineGate(slots: 1, limit: 2);
        Assert.Equal((0, 0, -1), (gate.TryEnter(), gate.TryEnter(), gate.TryEnter()));
        gate.Exit(0);
        Assert.Equal((0, -1), (gate.TryEnter(), gate.TryEnter()));
    }

    private static TestHost Stepped(Action<VersionKey, int>? beforeRun = null) => new(
        new FaultPoints { WorkersAreStepped = true, InlineCores = 1, Cost = static rows => rows * RowNanoseconds, BeforeRun = beforeRun },
        new ModelHostOptions { WorkerThreads = 1 });

    private static Task<Replica> LoadAsync(TestHost test, ManifestLimits limits, string model = "identity") =>
        test.LoadAsync(model, OnnxBuilder.Identity(OnnxBuilder.Float, null, 1), new ModelManifest
        {
            Inputs = [new("x", [new(ColumnSource.Request, "v")])],
            Limits = limits.Inline == InlineMode.Auto ? limits with { Inline = InlineMode.Never } : limits,
        });

    private static async Task DrainAsync(TestHost test, Requests requests)
    {
        while (test.Host.Scheduler.TryStep())
        {
        }

        await requests.OutcomesAsync();
    }
}
