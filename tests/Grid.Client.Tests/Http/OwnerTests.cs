using Grid.Client.Http;
using Grid.Client.Tests.Support;
using Grid.Primitives;

namespace Grid.Client.Tests.Http;

public sealed class OwnerTests
{
    [Fact]
    public async Task NextRequestForAnEntity_GoesToItsOwner_OthersDoNot()
    {
        var (client, wire, _) = Clients.Make(static _ => WireStub.Prediction("http://owner:2"));
        using (client)
        {
            await client.PredictAsync("m", "t", "e");
            await client.PredictAsync("m", "t", "e");
            await client.PredictAsync("m", "other", "e");
        }

        Assert.Equal(["a", "owner", "a"], wire.Requests.Select(static r => r.Host));
    }

    [Fact]
    public async Task WrongHint_CostsOneAttempt_AndIsForgotten()
    {
        Func<HttpResponseMessage>[] failures =
        [
            static () => throw WireStub.Refused(),
            static () => throw WireStub.Broken(),
            static () => WireStub.Problem(GridError.Unavailable("shard", "has moved.", null, 60_000)),
            static () => new HttpResponseMessage(System.Net.HttpStatusCode.NotFound) { Content = new StringContent("another service") },
        ];
        foreach (var failure in failures)
        {
            var (client, wire, time) = Clients.Make(r => r.Host == "owner" ? failure() : WireStub.Prediction(r.Body.Contains("first", StringComparison.Ordinal) ? "http://owner:2" : ""), static o => o.MaxAttempts = 1);
            using (client)
            {
                await client.PredictAsync("m", "t", "e", new Dictionary<string, double> { ["first"] = 1 });
                await client.PredictAsync("m", "t", "e");
                await client.PredictAsync("m", "t", "e");
            }

            Assert.Equal(["a", "owner", "a", "a"], wire.Requests.Select(static r => r.Host));
            Assert.Empty(time.Waits);
        }
    }

    [Fact]
    public async Task OwnerThatDoesNotAnswer_IsNotAskedAgainAsAConfiguredAddress()
    {
        var isAway = false;
        var (client, wire, _) = Clients.Make(
            r => r.Host == "a" && isAway ? throw WireStub.Broken() : WireStub.Prediction("http://a:1"),
            static o => o.Addresses = ["http://a:1", "http://b:1"]);
        using (client)
        {
            await client.PredictAsync("m", "t", "e");
            isAway = true;
            await client.PredictAsync("m", "t", "e");
            await client.PredictAsync("m", "other", "e");
        }

        Assert.Equal(["a", "a", "b", "b"], wire.Requests.Select(static r => r.Host));
    }

    [Fact]
    public async Task OwnerThatRefusesTheRequestItself_IsBelieved()
    {
        var (client, wire, _) = Clients.Make(static r => r.Host == "owner" ? WireStub.Problem(GridError.NotFound("model 'm'", "is gone.")) : WireStub.Prediction("http://owner:2"));
        using (client)
        {
            await client.PredictAsync("m", "t", "e");
            Assert.Equal(GridErrorCode.NotFound, (await Clients.FailsAsync(client.PredictAsync("m", "t", "e"))).Code);
        }

        Assert.Equal(2, wire.Requests.Count);
    }

    [Fact]
    public async Task UnreachableOwner_IsLeftAloneForAllItsEntities_UntilTheBenchTimeIsOver()
    {
        var (client, wire, time) = Clients.Make(static r => r.Host == "owner" ? throw WireStub.Refused() : WireStub.Prediction("http://owner:2"));
        using (client)
        {
            await client.PredictAsync("m", "t", "e1");
            await client.PredictAsync("m", "t", "e2");
            await client.PredictAsync("m", "t", "e1");
            await client.PredictAsync("m", "t", "e2");
            time.Advance(OwnerHints.BenchTime);
            await client.PredictAsync("m", "t", "e2");
        }

        Assert.Equal(["a", "a", "owner", "a", "a", "owner", "a"], wire.Requests.Select(static r => r.Host));
    }

    [Theory]
    [InlineData("https://a:1", "http://owner:2", true)]
    [InlineData("http://a:1", "file:///owner", true)]
    [InlineData("http://a:1", "http://owner:2", false)]
    public async Task OwnerThatIsNotToBeFollowed_IsIgnored(string address, string owner, bool follow)
    {
        var (client, wire, _) = Clients.Make(_ => WireStub.Prediction(owner), o => (o.Addresses, o.FollowOwners) = ([address], follow));
        using (client)
        {
            await client.PredictAsync("m", "t", "e");
            await client.PredictAsync("m", "t", "e");
        }

        Assert.All(wire.Requests, static r => Assert.Equal("a", r.Host));
    }

    [Fact]
    public void Hints_StayWithinTheirBound_AndKeepWhatIsUsed()
    {
        var hints = new OwnerHints(100, new SkippingTime());
        var owner = new Uri("http://owner:2");
        var used = new OwnerKey("t", "used");
        hints.Remember(used, owner);
        for (var i = 0; i < 10_000; i++)
        {
            hints.Remember(new OwnerKey("t", $"e{i}"), owner);
            Assert.True(hints.Count <= 100, $"{hints.Count} hints after {i}");
            Assert.Equal(owner, hints.Find(used));
        }
    }
}
