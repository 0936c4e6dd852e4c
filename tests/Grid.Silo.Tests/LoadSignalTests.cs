using System.Net;
using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Http;
using Grid.Primitives;
using Grid.Silo.Tests.Support;

namespace Grid.Silo.Tests;

/// <summary>Versions that fail, are slow or have no room, as callers and operators see it over HTTP.</summary>
public sealed class LoadSignalTests(BusySiloFixture silo) : IClassFixture<BusySiloFixture>
{
    private const string Body = """{"entity":"a","values":{"amount":1}}""";

    /// <summary>What a loaded machine may take for what takes seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http = silo.Http;
    private readonly HttpGridClient _sdk = silo.Sdk;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task VersionThatFails_IsASignalWithItsShare_AndEachCallerIsTold()
    {
        await silo.PushAsync(BusySiloFixture.Failing, "", Cancel);
        (await _http.RefusedAsync(HttpMethod.Post, PathOf(BusySiloFixture.Failing), Body)).Says(500, "version 'default/failing/1'", "broken by the test", "other versions keep serving");
        var signal = await SignalAsync(BusySiloFixture.Failing, "failing", async () => await _http.RefusedAsync(HttpMethod.Post, PathOf(BusySiloFixture.Failing), Body));

        Assert.Equal(("critical", "open", "failed_share", 1.0, 0.05), (signal.Severity, signal.Status, signal.Statistic, signal.Value, signal.Threshold));
        Assert.True(signal is { Samples: >= 10, P: < 0.001, Version: "1", Column: null }, signal.ToString());
        Assert.True(signal.ToMs - signal.FromMs >= 1_000, signal.ToString());
    }

    [Fact]
    public async Task VersionOverItsTime_IsASignalWithItsShare_AndStillAnswers()
    {
        await silo.PushAsync(BusySiloFixture.Slow, "guards: { p99_ms: 0.001 }", Cancel);
        var signal = await SignalAsync(BusySiloFixture.Slow, "slow", async () => Assert.Equal(2, (await _sdk.PredictAsync(BusySiloFixture.Slow, "t", "a", new RequestValues(["amount"], [1]), cancellationToken: Cancel))["y"]));

        Assert.Equal(("critical", "open", "slow_share", 0.01), (signal.Severity, signal.Status, signal.Statistic, signal.Threshold));
        Assert.True(signal is { Samples: >= 10, Value: > 0.9, P: < 0.001 }, signal.ToString());
    }

    [Fact]
    public async Task VersionWithoutRoom_RefusesWithARetryTime_IsASignal_AndClearsWhenThereIsRoom()
    {
        await silo.PushAsync(BusySiloFixture.Busy, "limits: { max_batch: 1, queue: 1, deadline_ms: 600000 }", Cancel);
        using var once = new HttpGridClient(new GridClientOptions { Addresses = [silo.Address], MaxAttempts = 1 });
        await PredictAsync(once);

        // 1. Every worker is in a run and one request waits: of two that come then, one is refused at once.
        await silo.Begun.WaitAsync(Cancel);
        silo.Gate.Reset();
        List<Task<HttpResponseMessage>> held = [];
        SignalInfo signal;
        try
        {
            for (var i = 0; i < BusySiloFixture.Workers; i++)
            {
                held.Add(_http.SendAsync(HttpMethod.Post, PathOf(BusySiloFixture.Busy), Body));
                await silo.Begun.WaitAsync(Cancel);
            }

            Task<HttpResponseMessage>[] two = [_http.SendAsync(HttpMethod.Post, PathOf(BusySiloFixture.Busy), Body), _http.SendAsync(HttpMethod.Post, PathOf(BusySiloFixture.Busy), Body)];
            var first = await Task.WhenAny(two);
            held.Add(two[first == two[0] ? 1 : 0]);
            var refusal = await first;
            Assert.Equal(HttpStatusCode.TooManyRequests, refusal.StatusCode);
            Assert.True(refusal.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1), $"{refusal.Headers.RetryAfter}");
            (await Problem.ReadAsync(refusal)).Says(429, "version 'default/busy/1'", "1 requests are waiting, which is the limit", "limits.queue");

            // 2. The SDK says the same, and the operator hears of it.
            signal = await SignalAsync(
                BusySiloFixture.Busy,
                "overloaded",
                async () =>
                {
                    var refused = await Assert.ThrowsAsync<GridException>(() => PredictAsync(once));
                    Assert.Equal(GridErrorCode.Overloaded, refused.Code);
                    Assert.True(refused.Error.RetryAfterMs > 0, refused.Error.ToString());
                });
            Assert.Equal(("critical", "open", "refused_share", 0.01), (signal.Severity, signal.Status, signal.Statistic, signal.Threshold));
            Assert.True(signal is { Samples: >= 10, Value: > 0.9, P: < 0.001 }, signal.ToString());
        }
        finally
        {
            silo.Gate.Set();
        }

        // 3. Those that had room are answered, and once nobody is refused the signal goes.
        Assert.All(await Task.WhenAll(held), static answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        var cleared = await UntilAsync(
            () => PredictAsync(once),
            async () => (await _sdk.Signals.ListAsync(BusySiloFixture.Busy, withCleared: true, Cancel)).FirstOrDefault(s => s.Id == signal.Id && s.Status == "cleared"));
        Assert.Equal("overloaded", cleared.Type);
        Assert.Empty(await _sdk.Signals.ListAsync(BusySiloFixture.Busy, cancellationToken: Cancel));
    }

    [Fact]
    public async Task RequestThatCannotMakeItsDeadline_IsRefusedBeforeItRuns()
    {
        await silo.PushAsync("punctual", "", Cancel);
        await _http.PostJsonAsync(PathOf("punctual"), Body);

        var problem = await _http.RefusedAsync(HttpMethod.Post, PathOf("punctual"), """{"entity":"a","values":{"amount":1},"deadline_ms":1}""");
        problem.Says(504, "version 'default/punctual/1'", "", "Allow more time");
        Assert.Equal("deadline_exceeded", problem.Code);
        var refused = await Assert.ThrowsAsync<GridException>(async () =>
            await _sdk.PredictAsync("punctual", "t", "a", new RequestValues(["amount"], [1]), options: new PredictOptions { Deadline = TimeSpan.FromMilliseconds(5) }, cancellationToken: Cancel));
        Assert.Equal(GridErrorCode.DeadlineExceeded, refused.Code);

        var tensors = await _http.SendAsync(HttpMethod.Post, "/v2/models/punctual/infer", """{"inputs":[{"name":"x","datatype":"FP32","shape":[1,1],"data":[1]}],"parameters":{"timeout":1000}}""");
        Assert.Equal(HttpStatusCode.GatewayTimeout, tensors.StatusCode);
    }

    private static string PathOf(string model) => $"{Flights.Root}/tenants/t/predict/{model}";

    private static async Task PredictAsync(HttpGridClient client) =>
        Assert.Equal(2, (await client.PredictAsync(BusySiloFixture.Busy, "t", "a", new RequestValues(["amount"], [1]), cancellationToken: Cancel))["y"]);

    /// <summary>Asks until a signal of the type is open.</summary>
    private Task<SignalInfo> SignalAsync(string model, string type, Func<Task> ask) =>
        UntilAsync(ask, async () => (await _sdk.Signals.ListAsync(model, cancellationToken: Cancel)).FirstOrDefault(s => s.Type == type));

    private static async Task<SignalInfo> UntilAsync(Func<Task> ask, Func<Task<SignalInfo?>> find)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Patience);
        while (true)
        {
            for (var i = 0; i < 10; i++)
            {
                await ask();
            }

            if (await find() is { } signal)
            {
                return signal;
            }

            limit.Token.ThrowIfCancellationRequested();
        }
    }
}
