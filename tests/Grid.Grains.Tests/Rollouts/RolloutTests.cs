using Grid.Abstractions;
using Grid.Primitives;

namespace Grid.Grains.Tests.Rollouts;

/// <summary>Traffic between versions, by hand.</summary>
public sealed class RolloutTests
{
    [Fact]
    public async Task ACanary_TakesItsShare_KeepsWhoWasInItWhenItGrows_AndBecomesLive()
    {
        await using var grid = await TrialGrid.StartAsync();
        await grid.PushAsync("2", 2);
        await grid.Models.SetCanaryAsync(TrialGrid.Model, new Canary("2", 20, StickyBy.Entity, IsAutomatic: true));
        var few = await CanariesAsync(grid);
        Assert.Equal(VersionState.Canary, (await grid.Models.GetVersionAsync(TrialGrid.Model, "2")).State);
        Assert.Equal(few, await CanariesAsync(grid));

        var info = await grid.Models.SetCanaryAsync(TrialGrid.Model, new Canary("2", 60, StickyBy.Entity, IsAutomatic: true));
        var many = await CanariesAsync(grid);

        Assert.InRange(few.Count, 10, 80);
        Assert.Subset(many, few);
        Assert.InRange(many.Count, few.Count + 20, 180);
        Assert.Equal(60, info.Rollout!.Canary!.SharePercent);

        var promoted = await grid.Models.PromoteAsync(TrialGrid.Model, reason: "it is better");
        Assert.Equal(("2", null), (promoted.Live, promoted.Rollout!.Canary));
        Assert.Equal(("2", "live"), await AnswerAsync(grid, "card-1"));
        var history = await grid.Models.GetHistoryAsync(TrialGrid.Model);
        Assert.Equal([RolloutAction.Live, RolloutAction.Canary, RolloutAction.Canary, RolloutAction.Promote], history.Steps.Select(step => step.Action));
        Assert.Equal("it is better", history.Steps[^1].Reason);
        Assert.Equal("1", history.At(history.Steps[^1].AtMs - 1)!.Live);
        Assert.Equal("2", history.At(history.Steps[^1].AtMs)!.Live);
        Assert.Null(history.At(history.Lives[0].SinceMs - 1));

        Assert.Equal("1", (await grid.Models.RollbackAsync(TrialGrid.Model)).Live);
    }

    [Fact]
    public async Task AnExperiment_NamesTheArmInEachAnswer_AlsoInAnswersToMany()
    {
        await using var grid = await TrialGrid.StartAsync();
        await grid.PushAsync("2", 2);
        await grid.Models.SetExperimentAsync(TrialGrid.Model, new Experiment([new("a", "1", 1), new("b", "2", 1)], StickyBy.Entity));
        var entities = Enumerable.Range(0, 200).Select(TrialGrid.Entity).ToArray();
        var many = await grid.Grid.Client.PredictManyAsync(TrialGrid.Model, "t", [.. entities.Select(entity => new Grid.Client.PredictItem(entity, new RequestValues(["amount"], [1])))]);

        Assert.All(many, prediction => Assert.Null(prediction.Error));
        Assert.Equal(entities, many.Select(prediction => prediction.Entity));
        Assert.All(many, prediction => Assert.Equal(prediction.Arm == "a" ? ("1", 1f) : ("2", 2f), (prediction.Version, prediction["y"])));
        Assert.InRange(many.Count(prediction => prediction.Arm == "b"), 50, 150);
        foreach (var prediction in many.Take(20))
        {
            Assert.Equal((prediction.Version, prediction.Arm), await AnswerAsync(grid, prediction.Entity));
        }

        var busy = await Assert.ThrowsAsync<GridException>(() => grid.Models.SetCanaryAsync(TrialGrid.Model, new Canary("2", 5, StickyBy.Entity, true)).AsTask());
        Assert.Equal(GridErrorCode.FailedPrecondition, busy.Code);
        await grid.Models.RollbackAsync(TrialGrid.Model);
        Assert.Equal(("1", "live"), await AnswerAsync(grid, "card-3"));
    }

    [Fact]
    public async Task AShadow_AnswersNobody_AndIsCompared()
    {
        await using var grid = await TrialGrid.StartAsync();
        await grid.PushAsync("2", 0.25f);
        await grid.Models.SetShadowAsync(TrialGrid.Model, "2");
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal("1", (await grid.PredictAsync()).Version);
        }

        var status = await grid.RolloutAsync(status => status.Comparisons.Sum(tally => tally.Compared + tally.Dropped) >= 100);
        var tally = Assert.Single(status.Comparisons);
        Assert.Equal(("1", "2", 0L), (tally.Champion, tally.Challenger, tally.Errors));
        Assert.True(tally.Compared > 0, $"{tally}");
        Assert.Equal(tally.Compared, tally.Disagreed);
        Assert.Equal(-0.75 * tally.Compared, tally.SumDifference, 1e-6);
        Assert.Equal(0.75, tally.MaxAbsolute, 1e-9);
        Assert.Equal(100, Assert.Single(status.Versions).Requests);
        Assert.Equal(VersionState.Shadow, (await grid.Models.GetVersionAsync(TrialGrid.Model, "2")).State);
        Assert.Empty((await grid.Models.SetShadowAsync(TrialGrid.Model, "2", isShadow: false)).Rollout!.Shadows);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100.5)]
    [InlineData(double.NaN)]
    public async Task AShareOutOfRange_IsRefused_AndChangesNothing(double share)
    {
        await using var grid = await TrialGrid.StartAsync();
        await grid.PushAsync("2", 2);
        var before = (await grid.Models.GetAsync(TrialGrid.Model)).Revision;
        var error = await Assert.ThrowsAsync<GridException>(() => grid.Models.SetCanaryAsync(TrialGrid.Model, new Canary("2", share, StickyBy.Entity, true)).AsTask());

        Assert.Equal((GridErrorCode.InvalidArgument, "share"), (error.Code, error.Error.Target));
        Assert.Equal(before, (await grid.Models.GetAsync(TrialGrid.Model)).Revision);
    }

    [Fact]
    public async Task VersionsOnTrial_CannotBeRetired_AndUnknownOnesGetNoTraffic()
    {
        await using var grid = await TrialGrid.StartAsync();
        await grid.PushAsync("2", 2);
        await grid.Models.SetCanaryAsync(TrialGrid.Model, new Canary("2", 5, StickyBy.Entity, true));

        Assert.Equal(GridErrorCode.FailedPrecondition, await CodeAsync(grid.Models.RetireAsync(TrialGrid.Model, "2").AsTask()));
        Assert.Equal(GridErrorCode.NotFound, await CodeAsync(grid.Models.SetCanaryAsync(TrialGrid.Model, new Canary("3", 5, StickyBy.Entity, true)).AsTask()));
        Assert.Equal(GridErrorCode.NotFound, await CodeAsync(grid.Models.SetShadowAsync(TrialGrid.Model, "3").AsTask()));
        Assert.Equal("2", (await grid.Models.GetAsync(TrialGrid.Model)).Rollout!.Canary!.Version);
        await grid.Models.RollbackAsync(TrialGrid.Model);
        Assert.Equal(VersionState.Retired, (await grid.Models.RetireAsync(TrialGrid.Model, "2")).State);
    }

    [Fact]
    public async Task AliasesTagsAndLineage_AreKept_AndAnAliasCanBePinned()
    {
        await using var grid = await TrialGrid.StartAsync();
        await grid.PushAsync("2", 2, lineage: """{ "parent": "1", "code": "abc123", "metrics": { "auc": 0.71 } }""");
        await grid.Models.SetAliasAsync(TrialGrid.Model, "next", "2");
        await grid.Models.SetTagAsync(TrialGrid.Model, null, "team", "risk");
        await grid.Models.SetTagAsync(TrialGrid.Model, "2", "reviewed", "yes");
        await grid.Grid.RestartAsync();
        var version = await grid.Models.GetVersionAsync(TrialGrid.Model, "2");
        var pinned = await grid.PredictAsync("card-1", "@next");
        var unknown = await Assert.ThrowsAsync<GridException>(() => grid.PredictAsync("card-1", "@other"));

        Assert.Equal(("1", "abc123", 0.71), (version.Lineage!.Parent, version.Lineage.Code, version.Lineage.Metrics!["auc"]));
        Assert.Equal("yes", version.Tags["reviewed"]);
        Assert.Equal("risk", (await grid.Models.GetAsync(TrialGrid.Model)).Tags["team"]);
        Assert.Equal(("2", "pinned"), (pinned.Version, pinned.Arm));
        Assert.Equal(GridErrorCode.NotFound, unknown.Code);
        Assert.Empty((await grid.Models.SetAliasAsync(TrialGrid.Model, "next", null)).Aliases);
        var bad = await Assert.ThrowsAsync<GridException>(() => grid.PushAsync("3", 3, lineage: """{ "perent": "1" }"""));
        Assert.Contains("lineage.json", bad.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChangesUnderLoad_LoseNoRequest()
    {
        await using var grid = await TrialGrid.StartAsync();
        await grid.PushAsync("2", 2);
        await grid.PushAsync("3", 3);
        using var stop = new CancellationTokenSource();
        var answers = 0;
        var load = Enumerable.Range(0, 6).Select(worker => Task.Run(async () =>
        {
            for (var i = worker; !stop.IsCancellationRequested; i++)
            {
                var prediction = await grid.PredictAsync(TrialGrid.Entity(i % 500));
                Assert.Equal(float.Parse(prediction.Version, System.Globalization.CultureInfo.InvariantCulture), prediction["y"]);
                Interlocked.Increment(ref answers);
            }
        })).ToArray();
        for (var round = 0; round < 5; round++)
        {
            await grid.Models.SetCanaryAsync(TrialGrid.Model, new Canary("2", 10, StickyBy.Entity, false));
            await grid.Models.SetCanaryAsync(TrialGrid.Model, new Canary("2", 70, StickyBy.Entity, false));
            await grid.Models.SetShadowAsync(TrialGrid.Model, "3");
            await grid.Models.PromoteAsync(TrialGrid.Model);
            await grid.Models.SetCanaryAsync(TrialGrid.Model, new Canary("3", 50, StickyBy.Request, false));
            await grid.Models.RollbackAsync(TrialGrid.Model);
            Assert.Equal("1", (await grid.Models.RollbackAsync(TrialGrid.Model)).Live);
            await grid.Models.SetExperimentAsync(TrialGrid.Model, new Experiment([new("a", "1", 1), new("b", "3", 3)], StickyBy.Entity));
            await grid.Models.RollbackAsync(TrialGrid.Model);
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
        Assert.True(answers > 200, $"only {answers} predictions ran beside the changes");
    }

    private static async Task<HashSet<string>> CanariesAsync(TrialGrid grid)
    {
        var canaries = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 200; i++)
        {
            var prediction = await grid.PredictAsync(TrialGrid.Entity(i));
            Assert.Equal(prediction.Version == "2" ? "canary" : "live", prediction.Arm);
            if (prediction.Version == "2")
            {
                canaries.Add(prediction.Entity);
            }
        }

        return canaries;
    }

    private static async Task<(string Version, string Arm)> AnswerAsync(TrialGrid grid, string entity)
    {
        var prediction = await grid.PredictAsync(entity);
        return (prediction.Version, prediction.Arm);
    }

    private static async Task<GridErrorCode> CodeAsync(Task task) => (await Assert.ThrowsAsync<GridException>(() => task)).Code;
}
