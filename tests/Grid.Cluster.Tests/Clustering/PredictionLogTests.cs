using Grid.Abstractions;
using Grid.Client.Http;
using Grid.Primitives;
using Grid.TestKit;

namespace Grid.Cluster.Tests.Clustering;

/// <summary>Each silo logs what its own shards answer; all of them together give one log.</summary>
[Collection(nameof(ClusterTests))]
public sealed class PredictionLogTests
{
    private const string Model = "flights-late";

    private static readonly DateTimeOffset AsOf = new(2001, 1, 10, 12, 0, 0, TimeSpan.Zero);

    private static readonly RequestValues Values = new(["local_hour", "dow", "distance", "block_min"], [12, 3, 100, 60]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LogsKeptApart_EachIsSearchedForAPrediction_ButATrainingSetIsRefused()
    {
        await using var cluster = await StartAsync(folder: null);
        var answers = await PredictAsync(cluster);
        for (var door = 0; door < 2; door++)
        {
            using var grid = cluster.Client(door);
            foreach (var answer in answers)
            {
                Assert.True((await grid.Predictions.ReplayAsync(answer.Id, Cancel)).IsEqual);
            }

            Assert.All(await ReportAsync(grid, answers), static verdict => Assert.True(verdict is OutcomeVerdict.Recorded or OutcomeVerdict.Duplicate));
            var refused = await Assert.ThrowsAsync<GridException>(async () => await grid.Datasets.ExportAsync(Model, AsOf, AsOf.AddDays(1), cancellationToken: Cancel));
            Assert.Equal(GridErrorCode.FailedPrecondition, refused.Code);
            Assert.Contains("GRID_PREDICTIONLOG__FOLDER", refused.Error.Fix, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task SharedLog_TrainingSetHasWhatEverySiloBuffers()
    {
        using var folder = new TempFolder();
        await using var cluster = await StartAsync(folder.Sub("log"));
        var answers = await PredictAsync(cluster);
        using var grid = cluster.Client(1);
        Assert.All(await ReportAsync(grid, answers), static verdict => Assert.Equal(OutcomeVerdict.Recorded, verdict));
        var made = await grid.Datasets.ExportAsync(Model, AsOf, AsOf.AddDays(1), cancellationToken: Cancel);
        Assert.Equal((answers.Count, 0, 0), (made.Rows, made.Unlabelled, made.UnmatchedOutcomes));

        // Any silo gives it out.
        using var other = cluster.Client(0);
        await other.Datasets.DownloadAsync(made.Digest, folder.Sub("set.parquet"), Cancel);
        Assert.Equal(made.Bytes, new FileInfo(folder.Sub("set.parquet")).Length);

        var stays = await grid.Datasets.ExportAsync(Model, AsOf, AsOf.AddDays(1), "t1", cancellationToken: Cancel);
        await grid.Datasets.DownloadAsync(stays.Digest, folder.Sub("stays.parquet"), Cancel);
        Assert.Equal(2, CopiesOf(cluster, made.Digest));

        // What is erased is gone on every silo, its copies of the training set too.
        var erased = await other.Predictions.EraseAsync("t0", cancellationToken: Cancel);
        Assert.Equal((1, 1), (erased.Predictions, erased.Outcomes));
        Assert.Equal([made.Digest], erased.Datasets);
        Assert.Equal(0, CopiesOf(cluster, made.Digest));
        await Assert.ThrowsAsync<GridException>(async () => await grid.Predictions.GetAsync(answers[0].Id, Cancel));
        foreach (var door in (HttpGridClient[])[grid, other])
        {
            var gone = await Assert.ThrowsAsync<GridException>(async () => await door.Datasets.DownloadAsync(made.Digest, folder.Sub("gone.parquet"), Cancel));
            Assert.Contains("because it had rows of tenant 't0', which was erased", gone.Message, StringComparison.Ordinal);
            await door.Datasets.DownloadAsync(stays.Digest, folder.Sub("stays.parquet"), Cancel);
        }

        var again = await grid.Predictions.EraseAsync("t0", cancellationToken: Cancel);
        Assert.Equal((0, 0, 0), (again.Predictions, again.Outcomes, again.Datasets.Length));
        var less = await grid.Datasets.ExportAsync(Model, AsOf, AsOf.AddDays(1), cancellationToken: Cancel);
        Assert.Equal((answers.Count - 1, 0), (less.Rows, less.UnmatchedOutcomes));
    }

    private static int CopiesOf(SiloCluster cluster, string digest) =>
        Directory.GetFiles(cluster.Folder, digest[Digest.Prefix.Length..], SearchOption.AllDirectories).Length;

    private static Task<SiloCluster> StartAsync(string? folder)
    {
        var settings = new Dictionary<string, string> { ["GRID_PREDICTIONLOG__SHARE"] = "1", ["GRID_PREDICTIONLOG__MAXAGE"] = "01:00:00" };
        if (folder is not null)
        {
            settings["GRID_PREDICTIONLOG__FOLDER"] = folder;
        }

        return SiloCluster.StartAsync(2, settings, flights: true, withLedger: false);
    }

    /// <summary>Predictions of enough tenants that both silos own some.</summary>
    private static async Task<List<Prediction>> PredictAsync(SiloCluster cluster)
    {
        using var grid = cluster.Client();
        await SiloCluster.UntilAsync(() => grid.Cluster.ListAsync(Cancel).AsTask(), static silos => silos.Count == 2, "both silos are there");
        var answers = new List<Prediction>();
        for (var i = 0; i < 12 || answers.DistinctBy(static a => a.Owner).Count() < 2; i++)
        {
            Assert.True(i < 200, "All shards are on one silo.");
            answers.Add(await grid.PredictAsync(Model, $"t{i}", "BOS", Values, AsOf, cancellationToken: Cancel));
        }

        return answers;
    }

    private static async Task<List<OutcomeVerdict>> ReportAsync(HttpGridClient grid, List<Prediction> answers)
    {
        var verdicts = new List<OutcomeVerdict>();
        for (var i = 0; i < answers.Count; i++)
        {
            verdicts.Add(Assert.Single(await grid.ReportOutcomeAsync($"t{i}", [new Outcome(answers[i].Id, "", "", 0, i % 2)], Cancel)).Verdict);
        }

        return verdicts;
    }
}
