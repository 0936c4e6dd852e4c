using System.Net;
using Grid.Abstractions;
using Grid.Client.Tests.Support;
using Grid.Primitives;

namespace Grid.Client.Tests.Http;

public sealed class RetryTests
{
    private static readonly GridError Busy = GridError.Overloaded("queue", "is full.", "Wait.", 700);

    [Fact]
    public async Task OverloadedRead_IsRepeatedAfterTheWaitThatTheSiloNames()
    {
        var calls = 0;
        var (client, wire, time) = Clients.Make(_ => ++calls < 3 ? WireStub.Problem(Busy) : WireStub.Prediction());
        using (client)
        {
            var prediction = await client.PredictAsync("m", "t", "e");

            Assert.Equal("p1", prediction.Id);
            Assert.Equal(3, wire.Requests.Count);
            Assert.Equal(2, time.Waits.Count);
            Assert.All(time.Waits, static w => Assert.True(w >= TimeSpan.FromMilliseconds(700), $"waited {w}"));
        }
    }

    [Fact]
    public async Task RetryAfterHeader_WithoutABodyOfOurs_IsHonouredToo()
    {
        var calls = 0;
        var (client, _, time) = Clients.Make(_ =>
        {
            if (++calls > 1)
            {
                return WireStub.Prediction();
            }

            var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("<html>down</html>") };
            response.Headers.RetryAfter = new System.Net.Http.Headers.RetryConditionHeaderValue(TimeSpan.FromSeconds(3));
            return response;
        });
        using (client)
        {
            await client.PredictAsync("m", "t", "e");
            Assert.True(Assert.Single(time.Waits) >= TimeSpan.FromSeconds(3));
        }
    }

    [Fact]
    public async Task WaitsDouble_WithinTheCap_AndNeverPassTheTimeOfTheCall()
    {
        var (client, wire, time) = Clients.Make(
            _ => WireStub.Problem(GridError.Unavailable("shard", "is moving.", null, 0)),
            static o =>
            {
                o.MaxAttempts = 6;
                o.RetryBaseDelay = TimeSpan.FromMilliseconds(100);
                o.RetryMaxDelay = TimeSpan.FromMilliseconds(400);
            });
        using (client)
        {
            await Clients.FailsAsync(client.PredictAsync("m", "t", "e"));
        }

        Assert.Equal(6, wire.Requests.Count);
        double[] full = [100, 200, 400, 400, 400];
        Assert.Equal(full.Length, time.Waits.Count);
        Assert.All(time.Waits.Zip(full), static pair => Assert.InRange(pair.First.TotalMilliseconds, (pair.Second / 2) - 1, pair.Second));
    }

    [Fact]
    public async Task WaitLongerThanTheTimeLeft_IsNotBegun()
    {
        var (client, wire, time) = Clients.Make(
            static _ => WireStub.Problem(Busy with { RetryAfterMs = 5_000 }),
            static o => (o.RequestTimeout, o.AttemptTimeout) = (TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4)));
        using (client)
        {
            var failure = await Clients.FailsAsync(client.Tenants.ListAsync());
            Assert.Equal(GridErrorCode.Overloaded, failure.Code);
            Assert.Equal(5_000, failure.Error.RetryAfterMs);
        }

        Assert.Single(wire.Requests);
        Assert.DoesNotContain(TimeSpan.FromSeconds(5), time.Waits);
    }

    [Theory]
    [InlineData(GridErrorCode.InvalidArgument)]
    [InlineData(GridErrorCode.NotFound)]
    [InlineData(GridErrorCode.DeadlineExceeded)]
    [InlineData(GridErrorCode.Internal)]
    public async Task LastingFailure_IsNotRepeated(GridErrorCode code)
    {
        var (client, wire, _) = Clients.Make(_ => WireStub.Problem(new GridError(code, "x", "is so.")));
        using (client)
        {
            Assert.Equal(code, (await Clients.FailsAsync(client.PredictAsync("m", "t", "e"))).Code);
        }

        Assert.Single(wire.Requests);
    }

    [Fact]
    public async Task Delivery_IsSentOnceWhateverHappens()
    {
        var delivery = new SourceDelivery("f", "0", 1, -1, false, new EventBatchBuilder().Begin("tap").Position(0).End().Build());
        Func<Sent, HttpResponseMessage>[] failures =
        [
            static _ => WireStub.Problem(Busy),
            static _ => throw WireStub.Refused(),
            static _ => throw WireStub.Broken(),
        ];
        GridErrorCode[] codes = [GridErrorCode.Overloaded, GridErrorCode.Unavailable, GridErrorCode.OutcomeUnknown];
        foreach (var (answer, code) in failures.Zip(codes))
        {
            var (client, wire, _) = Clients.Make(answer, static o => o.Addresses = ["http://a:1", "http://b:1"]);
            using (client)
            {
                Assert.Equal(code, (await Clients.FailsAsync(client.Sources.DeliverAsync("t", 0, delivery))).Code);
            }

            Assert.Single(wire.Requests);
        }
    }

    [Fact]
    public async Task KeyedAppend_WhoseOutcomeIsUnknown_IsSentAgainUnchanged()
    {
        var calls = 0;
        var (client, wire, _) = Clients.Make(_ => ++calls == 1 ? throw WireStub.Broken() : WireStub.Json("""{"answers":[{"verdict":"duplicate"}]}"""));
        using (client)
        {
            var answers = await client.AppendAsync("t", [new GridEvent("tap", DateTimeOffset.UnixEpoch, "k", new Dictionary<string, object?> { ["n"] = 1 })]);
            Assert.Equal(EventVerdict.Duplicate, Assert.Single(answers).Verdict);
        }

        Assert.Equal(2, wire.Requests.Count);
        Assert.Equal(wire.Requests[0].Body, wire.Requests[1].Body);
    }

    [Fact]
    public async Task Deadline_IsSentAsWhatIsLeftOfIt()
    {
        var calls = 0;
        SkippingTime? clock = null;
        var (client, wire, time) = Clients.Make(_ =>
        {
            clock!.Advance(TimeSpan.FromMilliseconds(300));
            return ++calls == 1 ? WireStub.Problem(GridError.Unavailable("shard", "is moving.", null, 0)) : WireStub.Prediction();
        });
        clock = time;
        using (client)
        {
            await client.PredictAsync("m", "t", "e", options: new PredictOptions { Deadline = TimeSpan.FromMinutes(2) });
        }

        int[] sent = [.. wire.Requests.Select(static r => System.Text.Json.JsonDocument.Parse(r.Body).RootElement.GetProperty("deadline_ms").GetInt32())];
        Assert.Equal(120_000, sent[0]);
        Assert.InRange(sent[1], 119_600, 119_700);
    }

    [Fact]
    public async Task AttemptThatIsNotAnswered_IsGivenUpAndSaysSo()
    {
        var (client, _, _) = Clients.Make(
            static _ => throw new OperationCanceledException(),
            static o => (o.AttemptTimeout, o.MaxAttempts) = (TimeSpan.FromSeconds(1), 2));
        using (client)
        {
            var read = await Clients.FailsAsync(client.Tenants.ListAsync());
            Assert.Equal(GridErrorCode.Unavailable, read.Code);
            Assert.Contains("http://a:1", read.Error.Target, StringComparison.Ordinal);
            Assert.Contains("1000 ms", read.Error.Message, StringComparison.Ordinal);
            Assert.Equal(GridErrorCode.OutcomeUnknown, (await Clients.FailsAsync(client.Tenants.CreateAsync("t"))).Code);
        }
    }

    [Fact]
    public async Task CallerWhoCancels_GetsACancellation_NotAFailure()
    {
        using var source = new CancellationTokenSource();
        var (client, wire, _) = Clients.Make(_ =>
        {
            source.Cancel();
            throw new OperationCanceledException(source.Token);
        });
        using (client)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.PredictAsync("m", "t", "e", cancellationToken: source.Token).AsTask());
        }

        Assert.Single(wire.Requests);
    }
}
