using System.Text.Json;
using Grid.Inference.Repository;
using Grid.Primitives;
using Grid.TestKit;
using Grid.Train.Baselines;
using Grid.Train.Boosting;
using Grid.Train.Data;
using Grid.Train.Packages;
using Grid.Train.Tests.Support;

namespace Grid.Train.Tests;

public sealed class PackageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SameDataAndOptions_GiveTheSameBytes_AnotherSeedOrDataDoNot()
    {
        await TrainingFiles.WriteSyntheticAsync(_folder.Sub("set.parquet"), seed: 5);
        var request = Request();
        var first = await DigestAsync(request with { Folder = _folder.Sub("1") });
        Assert.Equal(first, await DigestAsync(request with { Folder = _folder.Sub("2"), Boosting = request.Boosting with { Threads = 2 } }));
        Assert.NotEqual(first, await DigestAsync(request with { Folder = _folder.Sub("3"), Boosting = request.Boosting with { Leaves = 7 } }));

        async Task<Digest> DigestAsync(TrainingRequest r) => (await ModelPackage.FromFolderAsync((await PackageTrainer.TrainAsync(r, Cancel)).Folder)).Digest;
    }

    [Fact]
    public async Task Folder_HoldsBaselineCardAndManifest()
    {
        await TrainingFiles.WriteSyntheticAsync(_folder.Sub("set.parquet"), seed: 6);
        var result = await PackageTrainer.TrainAsync(Request() with { OutputName = "p", Parent = "risk/3", Signal = "s-1", Code = "abc", Description = "Risk: \"yes\"" }, Cancel);

        using var baseline = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(result.Folder, "baseline.json"), Cancel));
        var root = baseline.RootElement;
        Assert.Equal(ColumnBaseline.BinRule, root.GetProperty("bin_rule").GetString());
        var rows = root.GetProperty("rows").GetInt64();
        Assert.Equal(result.Card.Data.TrainingRows, rows);
        Assert.Equal(["a", "views.b", "c", "prediction"], root.GetProperty("features").EnumerateObject().Select(static f => f.Name));
        foreach (var column in root.GetProperty("features").EnumerateObject())
        {
            var missing = column.Value.TryGetProperty("missing", out var m) ? m.GetInt64() : 0;
            Assert.Equal(column.Name == "views.b", missing > 0);
            Assert.Equal(rows, missing + column.Value.GetProperty("counts").EnumerateArray().Sum(static c => c.GetInt64()));
            Assert.Equal(column.Value.GetProperty("edges").GetArrayLength() + 1, column.Value.GetProperty("counts").GetArrayLength());
        }

        using var card = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(result.Folder, "card.json"), Cancel));
        var lineage = card.RootElement.GetProperty("lineage");
        Assert.Equal(("risk/3", "s-1", "abc"), (lineage.GetProperty("parent").GetString(), lineage.GetProperty("signal").GetString(), lineage.GetProperty("code").GetString()));
        await using var data = File.OpenRead(_folder.Sub("set.parquet"));
        Assert.Equal((await Digest.OfAsync(data, Cancel)).ToString(), lineage.GetProperty("dataset_digest").GetString());

        var package = await ModelPackage.FromFolderAsync(result.Folder, cancellationToken: Cancel);
        var manifest = (await package.ReadManifestAsync(Cancel))!;
        Assert.Equal("Risk: \"yes\"", manifest.Description);
        Assert.Equal(["a", "views.b", "c"], manifest.Inputs[0].Columns.Select(static c => c.ToString()));
        Assert.Equal("p", manifest.Outputs[0].Name);
        Assert.True(manifest.AllowNan);
    }

    [Fact]
    public void Baseline_HasDistinctDecilesAndTheirCounts()
    {
        float[] column = [.. Enumerable.Range(0, 101).Select(static i => (float)i), float.NaN];
        var baseline = ColumnBaseline.Of(column);
        Assert.Equal([10, 20, 30, 40, 50, 60, 70, 80, 90], baseline.Edges);
        Assert.Equal([11, 10, 10, 10, 10, 10, 10, 10, 10, 10], baseline.Counts);
        Assert.Equal((50.0, 0.0, 100.0, 1L), (baseline.Mean, baseline.Min, baseline.Max, baseline.Missing));

        // The edge itself belongs to the bin below it; equal deciles are one edge.
        Assert.Equal([0, 1], ColumnBaseline.Of([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]).Edges);
        Assert.Equal([6, 5, 0], ColumnBaseline.Of([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]).Counts);
    }

    [Fact]
    public async Task EarlyStopping_KeepsTheBestTrees()
    {
        await TrainingFiles.WriteSyntheticAsync(_folder.Sub("set.parquet"), seed: 7);
        var request = Request();
        var set = await TrainingSetReader.ReadAsync(request.Data, request.Columns, Cancel);
        var split = set.SplitAt(0.3);
        Assert.NotEqual(set.TimesMs[split - 1], set.TimesMs[split]);
        using var booster = TrainedBooster.Train(set.Rows(..split), set.Rows(split..), new BoostingOptions { Rounds = 500, EarlyStopping = 10, Threads = 1 }, Cancel);

        Assert.Equal(booster.Grown, booster.ValidationLosses.Count);
        Assert.Equal(booster.Grown, booster.Trees + 10);
        Assert.Equal(booster.ValidationLosses.Min(), booster.ValidationLosses[booster.Trees - 1]);
        Assert.Equal(booster.Trees, booster.ToTrees().Trees.Count);
    }

    private TrainingRequest Request() => new()
    {
        Data = _folder.Sub("set.parquet"),
        Folder = _folder.Sub("out"),
        Columns = new TrainingColumns { Ignored = ["amount"] },
        Boosting = new BoostingOptions { Rounds = 40, Threads = 1 },
    };
}
