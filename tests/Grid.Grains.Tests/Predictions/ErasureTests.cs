using Grid.Abstractions;
using Grid.Grains.Hosting;
using Grid.Grains.Predictions;
using Grid.Grains.Tests.Support;
using Grid.Primitives;
using Grid.Storage;
using Grid.Storage.Predictions;
using Grid.TestKit;
using Microsoft.Extensions.Options;

namespace Grid.Grains.Tests.Predictions;

/// <summary>What is erased of predictions, and what stays.</summary>
public sealed class ErasureTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Entity_LeavesLogOutcomesAndTrainingSets_AndItsNeighboursStay()
    {
        await using var grid = await LoggedFlights.StartAsync();
        var gone = await LabelledAsync(grid, "BOS", 0);
        var kept = await LabelledAsync(grid, "LAX", 30);
        var neighbour = await LabelledAsync(grid, "BOS", 60, "neighbour");
        await ReportAsync(grid, LoggedFlights.Tenant, new Outcome(null, LoggedFlights.Model, "BOS", gone.AsOfMs + 1, 1), new Outcome(null, LoggedFlights.Model, "LAX", kept.AsOfMs + 1, 1));
        var all = await ExportAsync(grid, 0, 90);
        var withoutIt = await ExportAsync(grid, 30, 90);
        var ofTheTenant = await ExportAsync(grid, 0, 30);

        var erased = await grid.Client.Predictions.EraseAsync(LoggedFlights.Tenant, "BOS", Cancel);

        Assert.Equal((1, 2), (erased.Predictions, erased.Outcomes));
        Assert.Equal(new[] { all.Digest, ofTheTenant.Digest }.Order(StringComparer.Ordinal), erased.Datasets);
        Assert.Equal([kept.Id, null], await OutcomesAsync(grid, LoggedFlights.Tenant));
        Assert.Equal([neighbour.Id], await OutcomesAsync(grid, "neighbour"));
        foreach (var set in (Dataset[])[all, ofTheTenant])
        {
            var error = await GoneAsync(grid, set);
            Assert.Contains($"because it had rows of an entity of tenant '{LoggedFlights.Tenant}' that was erased", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("BOS", error.Message, StringComparison.Ordinal);
            Assert.False(await grid.Service<IArtifactStore>().ExistsAsync(DigestOf(set), Cancel));
        }

        // Twice is the same as once, also after a restart.
        await grid.RestartAsync();
        var again = await grid.Client.Predictions.EraseAsync(LoggedFlights.Tenant, "BOS", Cancel);
        Assert.Equal((0, 0, 0), (again.Predictions, again.Outcomes, again.Datasets.Length));
        Assert.Contains("was erased on", (await GoneAsync(grid, all)).Message, StringComparison.Ordinal);
        await grid.Client.Datasets.DownloadAsync(withoutIt.Digest, _folder.Sub("kept.parquet"), Cancel);

        // What is left makes a set of its own.
        Assert.Equal((2, 0, 1), ((await ExportAsync(grid, 0, 90)) is var left ? (left.Rows, left.Unlabelled, left.UnmatchedOutcomes) : default));
    }

    [Fact]
    public async Task Tenant_LeavesWithAllItsOutcomes_AlsoWhereNoLogIsKept()
    {
        await using var grid = await LoggedFlights.StartAsync(static options => options.PredictionLog.Enabled = false);
        await LabelledAsync(grid, "BOS", 0);
        var kept = await LabelledAsync(grid, "BOS", 1, "neighbour");
        var nobody = await grid.Client.Predictions.EraseAsync(LoggedFlights.Tenant, "BOS", Cancel);
        Assert.Equal(0, nobody.Outcomes);
        var erased = await grid.Client.Predictions.EraseAsync(LoggedFlights.Tenant, cancellationToken: Cancel);
        Assert.Equal((0, 1), (erased.Predictions, erased.Outcomes));
        Assert.Equal([kept.Id], await OutcomesAsync(grid, "neighbour"));
        await Assert.ThrowsAsync<GridException>(async () => await grid.Client.Predictions.EraseAsync(LoggedFlights.Tenant, "", Cancel));
    }

    [Fact]
    public async Task TrainingSetThatNobodyNoted_IsFoundByItsContent()
    {
        await using var grid = await LoggedFlights.StartAsync();
        await LabelledAsync(grid, "BOS", 0);
        var set = await ExportAsync(grid, 0, 30);
        var key = new DocumentKey(DatasetRegistry.DatasetKind, $"default/{set.Digest}");
        Assert.True(await grid.Service<IDocumentStore>().SwapAsync([new DocumentSwap(key, 1, null, null)], Cancel));

        Assert.Empty((await grid.Client.Predictions.EraseAsync("nobody", cancellationToken: Cancel)).Datasets);
        await grid.Client.Datasets.DownloadAsync(set.Digest, _folder.Sub("set.parquet"), Cancel);
        Assert.Equal([set.Digest], (await grid.Client.Predictions.EraseAsync(LoggedFlights.Tenant, "BOS", Cancel)).Datasets);
        await GoneAsync(grid, set);
    }

    [Fact]
    public async Task ErasureThatBrokeOff_IsFinishedByTheNext()
    {
        await using var grid = await LoggedFlights.StartAsync();
        await LabelledAsync(grid, "BOS", 0);
        var set = await ExportAsync(grid, 0, 30);
        await grid.Service<DatasetRegistry>().EraseAsync("default", DigestOf(set), "it had to go", Cancel);
        Assert.Contains("because it had to go", (await GoneAsync(grid, set)).Message, StringComparison.Ordinal);
        Assert.True(await grid.Service<IArtifactStore>().ExistsAsync(DigestOf(set), Cancel));

        Assert.Equal([set.Digest], (await grid.Client.Predictions.EraseAsync("nobody", cancellationToken: Cancel)).Datasets);
        Assert.False(await grid.Service<IArtifactStore>().ExistsAsync(DigestOf(set), Cancel));
    }

    [Fact]
    public async Task SetThatIsMadeWhileSomethingIsErased_IsMadeAnewWithoutIt()
    {
        await using var grid = await LoggedFlights.StartAsync();
        await LabelledAsync(grid, "BOS", 0);
        await LabelledAsync(grid, "LAX", 1);
        await LabelledAsync(grid, "BOS", 2, "neighbour");

        // When the second tenant's outcomes are read, the first one's rows are in the file already, which nobody knows of yet.
        Erasure? erased = null;
        var outcomes = new InterruptedOutcomes(grid.Service<IOutcomeStore>(), "neighbour", async () => erased = await grid.Client.Predictions.EraseAsync(LoggedFlights.Tenant, "BOS", Cancel));
        var (artifacts, registry) = (grid.Service<IArtifactStore>(), grid.Service<DatasetRegistry>());
        using var maker = new DatasetMaker(grid.Service<PredictionLogs>(), grid.Service<PredictionRecorder>(), registry, grid.Service<DatasetFolder>(), outcomes, artifacts, grid.Service<IOptions<GridGrainsOptions>>());
        var set = await maker.MakeAsync(new DatasetRequest("default", LoggedFlights.Model, LoggedFlights.AsOf, LoggedFlights.AsOf.AddDays(1)), Cancel);

        Assert.Equal((1, 0), (erased!.Predictions, erased.Datasets.Length));
        Assert.Equal(2, set.Rows);
        Assert.False(await DatasetFiles.HasRowsOfAsync(await artifacts.VerifiedPathOfAsync(DigestOf(set), Cancel), LoggedFlights.Tenant, "BOS", Cancel));
        var entries = await registry.ListAsync(Cancel);
        Assert.Equal(2, entries.Count);
        var first = Assert.Single(entries, static e => e.Value.IsErased);
        Assert.Equal(("something was erased while it was made", true), (first.Value.Reason, first.Value.IsRemoved));
        Assert.False(await artifacts.ExistsAsync(first.Key.Digest, Cancel));
    }

    [Fact]
    public async Task WhatAKilledExportLeft_IsGoneWithTheNextStart()
    {
        await using var grid = await LoggedFlights.StartAsync();
        var left = grid.Service<DatasetFolder>().NewPath();
        await File.WriteAllTextAsync(left, "half of a set", Cancel);
        await grid.RestartAsync();
        Assert.False(File.Exists(left));
    }

    private static Digest DigestOf(Dataset set) => Digest.TryParse(set.Digest, out var digest) ? digest : throw new FormatException(set.Digest);

    private static async Task<Prediction> LabelledAsync(TestGrid grid, string entity, int i, string tenant = LoggedFlights.Tenant)
    {
        var answer = await grid.PredictAsync(entity, i, tenant);
        await ReportAsync(grid, tenant, new Outcome(answer.Id, LoggedFlights.Model, "", 0, i % 2));
        return answer;
    }

    private static async Task ReportAsync(TestGrid grid, string tenant, params Outcome[] outcomes) =>
        Assert.All(await grid.Client.ReportOutcomeAsync(tenant, outcomes, Cancel), static answer => Assert.Null(answer.Reason));

    private static async Task<Dataset> ExportAsync(TestGrid grid, int fromMinute, int toMinute) =>
        await grid.Client.Datasets.ExportAsync(LoggedFlights.Model, LoggedFlights.AsOf.AddMinutes(fromMinute), LoggedFlights.AsOf.AddMinutes(toMinute), cancellationToken: Cancel);

    private static async Task<IEnumerable<string?>> OutcomesAsync(TestGrid grid, string tenant) =>
        (await grid.Service<IOutcomeStore>().ReadAsync("default", tenant, LoggedFlights.Model, LoggedFlights.AsOf, LoggedFlights.AsOf.AddDays(1), null, 100, Cancel)).Select(static o => o.Record.PredictionId);

    private async Task<GridError> GoneAsync(TestGrid grid, Dataset set)
    {
        var error = (await Assert.ThrowsAsync<GridException>(async () => await grid.Client.Datasets.DownloadAsync(set.Digest, _folder.Sub("gone.parquet"), Cancel))).Error;
        Assert.Equal(GridErrorCode.NotFound, error.Code);
        return error;
    }
}
