using Grid.Abstractions;
using Grid.Client;
using Grid.Primitives;
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

        await silo.Sdk.ReportOutcomeAsync("door", [new Outcome(answer.Id, Flights.Model, "", 0, 1)], cancel);
        var set = await silo.Sdk.Datasets.ExportAsync(Flights.Model, Flights.AsOf, Flights.AsOf.AddDays(1), "door", cancellationToken: cancel);
        var erased = await silo.Sdk.Predictions.EraseAsync("door", "BOS", cancel);
        Assert.Equal((1, 1), (erased.Predictions, erased.Outcomes));
        Assert.Equal([set.Digest], erased.Datasets);
        var gone = await Assert.ThrowsAsync<GridException>(async () => await silo.Sdk.Datasets.DownloadAsync(set.Digest, Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.parquet"), cancel));
        Assert.Equal(GridErrorCode.NotFound, gone.Code);
        Assert.Matches(@"was erased on \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ because it had rows of an entity of tenant 'door' that was erased", gone.Message);
        (code, _, var error) = await GridCommandLine.RunAsync(silo.Address, "replay", answer.Id);
        Assert.Equal(1, code);
        Assert.Contains("is not in the log", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Erase_ByCommand_WantsToBeToldHowMuch()
    {
        var cancel = TestContext.Current.CancellationToken;
        foreach (var entity in (string[])["BOS", "LAX", "SEA"])
        {
            await silo.Sdk.PredictAsync(Flights.Model, "erased", entity, Flights.Values, Flights.AsOf, new PredictOptions(), cancel);
        }

        foreach (var arguments in (string[][])[["erase", "erased"], ["erase", "erased", "--entity", "BOS", "--whole-tenant"]])
        {
            var (refused, _, why) = await GridCommandLine.RunAsync(silo.Address, arguments);
            Assert.Equal(2, refused);
            Assert.Contains("Name one entity with --entity, or say --whole-tenant.", why, StringComparison.Ordinal);
        }

        var (code, text, _) = await GridCommandLine.RunAsync(silo.Address, "erase", "erased", "--entity", "BOS");
        Assert.Equal(0, code);
        Assert.Matches(@"predictions\s+1\noutcomes\s+0\ntraining sets\s+none", text);
        (code, text, _) = await GridCommandLine.RunAsync(silo.Address, "erase", "erased", "--whole-tenant", "--json");
        Assert.Equal(0, code);
        Assert.Contains("\"predictions\": 2", text, StringComparison.Ordinal);
    }

    /// <summary>A silo that logs everything.</summary>
    public sealed class LoggingSilo : SiloFixture
    {
        private protected override void Configure(GridSiloOptions options) => options.PredictionLog.Share = 1;
    }
}
