using Grid.Primitives;
using Grid.Storage.Predictions;
using Grid.Storage.Sqlite;
using Grid.TestKit;
using Parquet;

namespace Grid.Storage.Tests.Predictions;

public sealed class DatasetTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private SqliteGridStore _store = null!;
    private PredictionLog _log = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Target => _folder.Sub("set.parquet");

    public async ValueTask InitializeAsync()
    {
        _store = await SqliteGridStore.OpenAsync(new SqliteStoreOptions { Folder = _folder.Sub("state") }, Token);
        _log = PredictionLog.Open(new PredictionLogOptions { Folder = _folder.Sub("log"), MaxAge = TimeSpan.FromHours(1) });
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Export_JoinsByIdAndByEntityAndTime_AndCountsTheRest()
    {
        var rows = Enumerable.Range(0, 10).Select(static i => Logged.Row(i, i < 5 ? "a" : "b", $"e{i}")).ToArray();
        Add(rows);
        Add(Logged.Row(50, "a", time: Logged.Day.AddDays(1)));
        await ReportAsync("a", ById(rows[0], 1), ById(rows[1], 0), ByEntity(rows[2], 1));
        await ReportAsync("a", ById(rows[1], 1)); // A correction.
        await ReportAsync("b", ById(rows[7], 0), ById(Logged.Row(99, "b"), 1));

        var info = await ExportAsync();

        Assert.Equal((4, 6, 0, 1), (info.Rows, info.Unlabelled, info.OtherVectors, info.UnmatchedOutcomes));
        Assert.Equal(["card.n", "amount"], info.Features);
        Assert.Equal(Logged.Layout.Digest, info.Versions["1"]);
        Assert.Equal([Logged.Layout.Views], info.Views);
        await using var file = File.OpenRead(Target);
        Assert.Equal(info.Digest, await Digest.OfAsync(file, Token));
        file.Position = 0;
        var set = await ReadAsync(file);
        Assert.Equal([(rows[0].Id, 0f, 1.0), (rows[1].Id, 1f, 1.0), (rows[2].Id, 2f, 1.0), (rows[7].Id, 7f, 0.0)], set);
    }

    [Fact]
    public async Task TrainingSet_SaysWhoseRowsItHas()
    {
        LoggedPrediction[] rows = [Logged.Row(1, "a", "e1"), Logged.Row(2, "a", "e2"), Logged.Row(3, "b", "e3"), Logged.Row(4, "c", "e1")];
        Add(rows);
        await ReportAsync("a", ById(rows[0], 1));
        await ReportAsync("b", ById(rows[2], 1));

        Assert.Equal(["a", "b"], (await ExportAsync()).Tenants);
        foreach (var (tenant, entity, has) in ((string, string?, bool)[])[("a", null, true), ("a", "e1", true), ("a", "e2", false), ("a", "e3", false), ("b", "e3", true), ("b", "e1", false), ("c", null, false)])
        {
            Assert.Equal(has, await DatasetFiles.HasRowsOfAsync(Target, tenant, entity, Token));
        }
    }

    [Fact]
    public async Task Export_KeepsThePeriodAndTheVersion()
    {
        var rows = Enumerable.Range(0, 10).Select(static i => Logged.Row(i)).ToArray();
        var second = Enumerable.Range(20, 5).Select(static i => Logged.Row(i, layout: Logged.Of("2", "card.n", "amount"))).ToArray();
        Add([.. rows, .. second]);
        await ReportAsync("t", [.. rows.Concat(second).Select(static r => ById(r, r.LatencyUs % 2))]);

        var period = await Exporter.ExportAsync(new DatasetRequest("default", "risk", Logged.Day.AddMinutes(2), Logged.Day.AddMinutes(5)), Target, Token);
        Assert.Equal((3, 0, 0), (period.Rows, period.Unlabelled, period.UnmatchedOutcomes));
        var version = await Exporter.ExportAsync(new DatasetRequest("default", "risk", Logged.Day, Logged.Day.AddDays(1), Version: "2"), Target, Token);
        Assert.Equal(5, version.Rows);
        Assert.Equal(["2"], version.Versions.Keys);
    }

    [Fact]
    public async Task Export_LeavesOtherVectorsOut()
    {
        var old = Logged.Row(1);
        Add(old);
        await _log.FlushAsync(Token);
        var late = Logged.Row(2, layout: Logged.Of("2", "card.n", "new")) with { AtMs = old.AtMs + 1 };
        Add(late);
        await ReportAsync("t", ById(old, 1), ById(late, 0));
        var info = await ExportAsync();
        Assert.Equal((1, 1), (info.Rows, info.OtherVectors));
        Assert.Equal(["card.n", "new"], info.Features);
    }

    [Fact]
    public async Task NothingLabelled_IsSaid_AndNoFileAppears()
    {
        var empty = await Assert.ThrowsAsync<GridException>(ExportAsync);
        Add(Logged.Row(1));
        var unlabelled = await Assert.ThrowsAsync<GridException>(ExportAsync);
        Assert.Equal((GridErrorCode.NotFound, GridErrorCode.NotFound), (empty.Code, unlabelled.Code));
        Assert.Contains("none of 1 predictions", unlabelled.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task FeatureWithAReservedName_IsNamed()
    {
        Add(Logged.Row(1, layout: Logged.Of("1", "label", "amount")));
        var error = await Assert.ThrowsAsync<GridException>(ExportAsync);
        Assert.Equal("feature 'label'", error.Error.Target);
    }

    private static OutcomeRecord ById(LoggedPrediction row, double value) => new(row.Id, "risk", row.Entity, DateTimeOffset.FromUnixTimeMilliseconds(row.TimeMs), value, DateTimeOffset.UtcNow);

    private static OutcomeRecord ByEntity(LoggedPrediction row, double value) => ById(row, value) with { PredictionId = null };

    private static async Task<List<(string Id, float N, double Label)>> ReadAsync(Stream file)
    {
        await using var reader = await ParquetReader.CreateAsync(file, cancellationToken: Token);
        Assert.Equal("""["card.n","amount"]""", reader.CustomMetadata["grid.features"]);
        Assert.Equal("label", reader.CustomMetadata["grid.label"]);
        var fields = reader.Schema.DataFields;
        var set = new List<(string, float, double)>();
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            var ids = new string?[group.RowCount];
            var n = new float[group.RowCount];
            var labels = new double[group.RowCount];
            await group.ReadAsync(fields[0], ids.AsMemory(), null, Token);
            await group.ReadAsync<float>(fields.Single(static f => f.Name == "card.n"), n.AsMemory(), null, Token);
            await group.ReadAsync<double>(fields[^1], labels.AsMemory(), null, Token);
            set.AddRange(ids.Select((id, at) => (id!, n[at], labels[at])));
        }

        return set;
    }

    private DatasetExporter Exporter => new(_log, _store.Outcomes);

    private Task<DatasetInfo> ExportAsync() => Exporter.ExportAsync(new DatasetRequest("default", "risk", Logged.Day, Logged.Day.AddDays(1)), Target, Token);

    private void Add(params LoggedPrediction[] rows) => Assert.All(rows, row => Assert.True(_log.TryAdd(row)));

    private Task<IReadOnlyList<OutcomeVerdict>> ReportAsync(string tenant, params OutcomeRecord[] outcomes) => _store.Outcomes.ReportAsync("default", tenant, outcomes, Token);
}
