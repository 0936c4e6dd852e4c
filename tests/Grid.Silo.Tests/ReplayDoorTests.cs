using Grid.Client;
using Grid.Silo.Hosting;
using Grid.Silo.Tests.Support;

namespace Grid.Silo.Tests;

/// <summary>Logged predictions through the SDK over HTTP and the command.</summary>
public sealed class ReplayDoorTests(ReplayDoorTests.LoggingSilo silo) : IClassFixture<ReplayDoorTests.LoggingSilo>
{
    [Fact]
    public async Task Replay_OverHttpAndByCommand_IsTheAnswer()
    {
        var cancel = TestContext.Current.CancellationToken;
        var answer = await silo.Sdk.PredictAsync(Flights.Model, "door", "BOS", Flights.Values, Flights.AsOf, new PredictOptions { WithFeatures = true }, cancel);
        var record = await silo.Sdk.Predictions.GetAsync(answer.Id, cancel);
        var replay = await silo.Sdk.Predictions.ReplayAsync(answer.Id, cancel);

        Assert.Equal(answer.Features, record.Features);
        Assert.Equal(answer.Values, record.Values);
        Assert.True(replay.IsEqual);
        Assert.Equal((answer.Id, answer.Values[0], 0.0), (replay.Logged.Id, replay.Values[0], replay.MaxDifference));

        var (code, text, _) = await GridCommandLine.RunAsync(silo.Address, "replay", answer.Id);
        Assert.Equal(0, code);
        Assert.Contains("to the bit", text, StringComparison.Ordinal);
        Assert.Contains("route.n_24h", text, StringComparison.Ordinal);

        Assert.Equal(1, await silo.Sdk.Predictions.EraseAsync("door", "BOS", cancel));
        (code, _, var error) = await GridCommandLine.RunAsync(silo.Address, "replay", answer.Id);
        Assert.Equal(1, code);
        Assert.Contains("is not in the log", error, StringComparison.Ordinal);
    }

    /// <summary>A silo that logs everything.</summary>
    public sealed class LoggingSilo : SiloFixture
    {
        private protected override void Configure(GridSiloOptions options) => options.PredictionLog.Share = 1;
    }
}
