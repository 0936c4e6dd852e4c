using System.Diagnostics;
using Grid.Client;
using Grid.Grains.Predictions;
using Grid.Grains.Tests.Support;
using Grid.Inference.Hosting;
using Grid.Primitives;
using Grid.Storage.Predictions;

namespace Grid.Grains.Tests.Predictions;

/// <summary>What a silo writes of the predictions that it answers.</summary>
public sealed class RecorderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prediction_IsInTheLogAsItWasAnswered_AlsoAfterARestart()
    {
        await using var grid = await LoggedFlights.StartAsync();
        using var activity = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).Start();
        var answer = await grid.PredictAsync();
        await grid.RestartAsync();

        var logged = await grid.Log().Files.FindAsync("default", answer.Id, Cancel);
        Assert.NotNull(logged);
        Assert.Equal((LoggedFlights.Tenant, "BOS", answer.AsOfMs, answer.Revision), (logged.Tenant, logged.Entity, logged.TimeMs, logged.Revision));
        Assert.Equal((new VersionKey("default", LoggedFlights.Model, answer.Version), answer.Digest), (logged.Layout.Version, logged.Layout.Digest));
        Assert.Equal((await grid.Client.Views.GetAsync(Cancel)).Generation, logged.Layout.Views);
        Assert.Equal(InferenceRuntime.Description, logged.Layout.Runtime);
        Assert.Equal(24, logged.Layout.Features.Length);
        Assert.Contains("local_hour", logged.Layout.Features);
        Assert.Contains("route.n_24h", logged.Layout.Features);
        Assert.Equal(Bits(answer.Features!), Bits(logged.Vector));
        Assert.Equal(Bits(answer.Values), Bits(logged.Output));
        Assert.True(logged.LatencyUs > 0);
    }

    [Fact]
    public async Task PredictMany_LogsEachRowThatWasAnswered_AndNoneThatFailed()
    {
        await using var grid = await LoggedFlights.StartAsync();
        PredictItem[] items = [.. Enumerable.Range(0, 200).Select(static i => new PredictItem($"E{i}", i == 100 ? null : LoggedFlights.Values(i)))];
        var answers = await grid.Client.PredictManyAsync(LoggedFlights.Model, LoggedFlights.Tenant, items, LoggedFlights.AsOf, cancellationToken: Cancel);
        await grid.Log().FlushAsync(Cancel);

        Assert.NotNull(answers[100].Error);
        Assert.Equal(199, grid.Log().Status.Written);
        foreach (var answer in answers.Where(static a => a.Error is null).Where(static (_, i) => i % 37 == 0))
        {
            var logged = await grid.Log().Files.FindAsync("default", answer.Id, Cancel);
            Assert.Equal((answer.Entity, true), (logged?.Entity, Bits(answer.Values).AsSpan().SequenceEqual(Bits(logged!.Output))));
        }
    }

    [Fact]
    public async Task ModelThatDoesNotAsk_IsLoggedByTheShareOfTheSilo()
    {
        await using var none = await LoggedFlights.StartAsync(static options => options.PredictionLog.Share = 0);
        await none.PredictAsync();
        await none.Log().FlushAsync(Cancel);
        Assert.Equal(0, none.Log().Status.Written);

        await using var half = await LoggedFlights.StartAsync(static options => options.PredictionLog.Share = 0.5);
        var ids = new List<string>();
        for (var i = 0; i < 400; i++)
        {
            ids.Add((await half.PredictAsync(i: i, withFeatures: false)).Id);
        }

        await half.Log().FlushAsync(Cancel);
        Assert.Equal(ids.Count(static id => PredictionShares.Has(0.5, id)), half.Log().Status.Written);
        Assert.InRange(half.Log().Status.Written, 120, 280);
    }

    [Fact]
    public async Task ModelThatAsksForIt_IsLoggedWhereTheSiloWouldNot()
    {
        await using var grid = await LoggedFlights.StartAsync(static options => options.PredictionLog.Share = 0);
        using var version = AskingVersion.Copy(log: "log_share: 1\n");
        await grid.Client.Models.PushAsync(LoggedFlights.Model, "asks", version.Path, makeLive: true, Cancel);
        var answer = await grid.PredictAsync();
        await grid.Log().FlushAsync(Cancel);
        Assert.Equal("asks", answer.Version);
        Assert.NotNull(await grid.Log().Files.FindAsync("default", answer.Id, Cancel));
    }

    [Fact]
    public async Task TensorRows_AreInTheLogUnderTheNamesOfTheManifest_AndReplay()
    {
        await using var grid = await LoggedFlights.StartAsync();
        var answer = await grid.PredictAsync();
        var two = Tensor.Create<float>("features", TensorElementType.FP32, [2, 24], [.. answer.Features!, .. answer.Features!.Select(static v => v + 1)]);
        var tensors = await grid.Client.InferAsync(LoggedFlights.Model, [two], cancellationToken: Cancel);

        Assert.NotNull(tensors.PredictionId);
        var first = await grid.Client.Predictions.ReplayAsync(tensors.PredictionId, Cancel);
        Assert.True(first.IsEqual, $"{first.MaxDifference}");
        Assert.Equal((TensorIds.Tenant, "", answer.Digest), (first.Logged.Tenant, first.Logged.Entity, first.Logged.Digest));
        Assert.Equal(answer.Values, first.Values);
        Assert.Equal((await grid.Log().Files.FindAsync("default", answer.Id, Cancel) ?? throw new InvalidOperationException("It is not logged.")).Layout.Features, first.Logged.FeatureNames);
        var at = tensors.PredictionId.LastIndexOf('.') + 1;
        var second = await grid.Client.Predictions.ReplayAsync($"{tensors.PredictionId[..at]}{Convert.ToInt64(tensors.PredictionId[at..], 16) + 1:x}", Cancel);
        Assert.True(second.IsEqual);
        Assert.Equal(answer.Features![0] + 1, second.Logged.Features[0]);

        // Without the value that the manifest names, there is nothing to compare with.
        Assert.Null((await grid.Client.InferAsync(LoggedFlights.Model, [two], outputs: ["label"], cancellationToken: Cancel)).PredictionId);
    }

    [Fact]
    public async Task SiloWithoutALog_Serves()
    {
        await using var grid = await LoggedFlights.StartAsync(static options => options.PredictionLog.Enabled = false);
        Assert.Null((await grid.PredictAsync()).Error);
        Assert.False(Directory.Exists(Path.Combine(grid.StateFolder, "predictions")));
    }

    [Fact]
    public async Task LogThatCannotBeWritten_ServingGoesOnAndTheGapIsRecorded()
    {
        await using var grid = await LoggedFlights.StartAsync(static options => options.PredictionLog.BufferBytes = 64 << 10);

        // A file where the tenant's folder would be: nothing of this tenant can be written.
        var folder = Path.Combine(grid.StateFolder, "predictions", "default");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, LoggedFlights.Tenant), "", Cancel);
        for (var i = 0; i < 400; i++)
        {
            Assert.Null((await grid.PredictAsync(i: i, withFeatures: false)).Error);
        }

        await Assert.ThrowsAsync<GridException>(() => grid.Log().FlushAsync(Cancel));
        Assert.NotNull(grid.Log().Status.Error);
        Assert.InRange(grid.Log().Status.Dropped, 1, 399);
        var gap = Assert.Single(await grid.Log().Files.GapsAsync("default", LoggedFlights.Model, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, Cancel));
        Assert.Equal((PredictionGapReason.BufferFull, LoggedFlights.Tenant, (long?)grid.Log().Status.Dropped), (gap.Reason, gap.Tenant, gap.Rows));

        File.Delete(Path.Combine(folder, LoggedFlights.Tenant));
        await grid.Log().FlushAsync(Cancel);
        Assert.Null(grid.Log().Status.Error);
        Assert.Equal(400, grid.Log().Status.Written + grid.Log().Status.Dropped);
    }

    private static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);
}
