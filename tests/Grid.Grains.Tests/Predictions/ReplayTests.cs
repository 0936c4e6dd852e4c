using Grid.Abstractions;
using Grid.Grains.Tests.Support;
using Grid.Inference.Hosting;
using Grid.Primitives;

namespace Grid.Grains.Tests.Predictions;

/// <summary>A logged prediction can be computed again, and is the same.</summary>
public sealed class ReplayTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replay_IsEqualToTheBit_FromTheBufferAndAfterARestart_WhateverHasHappenedToTheFeatures()
    {
        await using var grid = await LoggedFlights.StartAsync();
        var answers = new List<Prediction>();
        for (var i = 0; i < 20; i++)
        {
            await grid.Client.AppendAsync(
                LoggedFlights.Tenant,
                [new("arrival", LoggedFlights.AsOf.AddMinutes(i), $"k{i}", new Dictionary<string, object?> { ["dest"] = "BOS", ["delay_min"] = i * 3 })],
                cancellationToken: Cancel);
            answers.Add(await grid.PredictAsync(i: i));
        }

        await AllEqualAsync(grid, answers);
        await grid.RestartAsync();
        await AllEqualAsync(grid, answers);
    }

    [Fact]
    public async Task Replay_UsesTheVersionThatAnswered_AlsoOnceItIsRetired()
    {
        await using var grid = await LoggedFlights.StartAsync();
        var first = await grid.PredictAsync(version: "1");
        var second = await grid.PredictAsync(version: "2");
        Assert.NotEqual(first.Values, second.Values);
        await grid.Client.Models.RetireAsync(LoggedFlights.Model, "1", Cancel);

        await AllEqualAsync(grid, [first, second]);
        var refused = await Assert.ThrowsAsync<GridException>(() => grid.PredictAsync(version: "1"));
        Assert.Contains("retired", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(grid.Service<ModelHost>().Status, static status => status.Key.Version.Contains("replay", StringComparison.Ordinal));
    }

    [Fact]
    public async Task UnknownPredictions_AreSaidToBeSo()
    {
        await using var grid = await LoggedFlights.StartAsync();
        var answer = await grid.PredictAsync();
        Assert.Equal(GridErrorCode.NotFound, (await RefusedAsync(answer.Id + "f")).Code);
        Assert.Equal(GridErrorCode.InvalidArgument, (await RefusedAsync("no id")).Code);

        async Task<GridError> RefusedAsync(string id) => (await Assert.ThrowsAsync<GridException>(async () => await grid.Client.Predictions.ReplayAsync(id, Cancel))).Error;
    }

    [Fact]
    public async Task ErasedEntity_IsGone_AndItsNeighboursAreNot()
    {
        await using var grid = await LoggedFlights.StartAsync();
        var gone = await grid.PredictAsync("BOS");
        var kept = await grid.PredictAsync("LAX");
        var other = await grid.PredictAsync("BOS", tenant: "neighbour");

        Assert.Equal(1, (await grid.Client.Predictions.EraseAsync(LoggedFlights.Tenant, "BOS", Cancel)).Predictions);
        await Assert.ThrowsAsync<GridException>(async () => await grid.Client.Predictions.GetAsync(gone.Id, Cancel));
        await AllEqualAsync(grid, [kept, other]);
        Assert.Equal(1, (await grid.Client.Predictions.EraseAsync(LoggedFlights.Tenant, cancellationToken: Cancel)).Predictions);
        await Assert.ThrowsAsync<GridException>(async () => await grid.Client.Predictions.GetAsync(kept.Id, Cancel));
        await AllEqualAsync(grid, [other]);
    }

    private static async Task AllEqualAsync(TestGrid grid, IEnumerable<Prediction> answers)
    {
        foreach (var answer in answers)
        {
            var replay = await grid.Client.Predictions.ReplayAsync(answer.Id, Cancel);
            Assert.True(replay.IsEqual, $"{answer.Id}: {replay.MaxDifference} apart");
            Assert.Equal((answer.Version, answer.Digest, answer.Entity, 0.0), (replay.Logged.Version, replay.Logged.Digest, replay.Logged.Entity, replay.MaxDifference));
            Assert.Equal(answer.Features, replay.Logged.Features);
            Assert.Equal(answer.Values, replay.Values);
        }
    }
}
