using Grid.Abstractions;
using Grid.Grains.Tests.Support;
using Grid.Monitoring.Retraining;
using Grid.Monitoring.Windows;
using Grid.Primitives;
using Grid.TestKit;

namespace Grid.Grains.Tests.Monitoring;

/// <summary>Models of one silo, each with a policy of its own.</summary>
public sealed class ModelPolicyTests
{
    private const int Rows = 600;

    [Fact]
    public async Task OfTwoModelsOnTheSameTraffic_TheOneWithTheLowerThresholdFires_AndWindowsAreTheirOwn()
    {
        // The silo's own windows are hours, in which weeks of rows could not be tested together.
        await using var grid = await TestGrid.StartAsync(views: null);
        await PushAsync(grid, "strict", "1", "monitoring: { window_minutes: 10080, output_threshold: 0.1, raise_after: 1 }");
        await PushAsync(grid, "calm", "1", "monitoring: { window_minutes: 10080, output_threshold: 5, feature_threshold: 5, rate_threshold: 1, auc_threshold: 1, raise_after: 1 }");
        foreach (var week in FlightWeeksTests.Weeks())
        {
            await FlightWeeksTests.ReportAsync(grid, week, times: 1, "strict");
            await FlightWeeksTests.ReportAsync(grid, week, times: 1, "calm");
        }

        var signals = await grid.SignalsAsync();
        Assert.Contains(signals, static s => s is { Model: "strict", Type: "prediction-drift", Threshold: 0.1 });
        Assert.DoesNotContain(signals, static s => s.Model == "calm");
        var (strict, calm) = (await WindowAsync(grid, "strict"), await WindowAsync(grid, "calm"));
        Assert.Equal((strict.FromMs, strict.ToMs, strict.Rows), (calm.FromMs, calm.ToMs, calm.Rows));
        Assert.Equal(TimeSpan.FromDays(7).TotalMilliseconds, strict.ToMs - strict.FromMs);
    }

    [Fact]
    public async Task AVersionWithOtherWindows_BeginsItsOwn_AndTheSignalsOfTheOneBeforeStand()
    {
        await using var grid = await TestGrid.StartAsync(views: null);
        await PushAsync(grid, "m", "1", "monitoring: { window_minutes: 10080, output_threshold: 0.1, raise_after: 1 }");
        var weeks = FlightWeeksTests.Weeks();
        foreach (var week in weeks)
        {
            await FlightWeeksTests.ReportAsync(grid, week, times: 1, "m");
        }

        var before = (await grid.SignalsAsync()).Where(static s => s.Status == "open").Select(static s => s.Id).ToArray();
        Assert.NotEmpty(before);
        await PushAsync(grid, "m", "2", "monitoring: { window_minutes: 1440 }");
        await FlightWeeksTests.ReportAsync(grid, weeks[^1], times: 1, "m", "2");
        var status = await grid.Monitor("m").GetAsync();
        Assert.Equal(["1", "2"], status.Versions.Select(static v => v.Version));
        var day = status.Versions[1].Window!;
        Assert.Equal((weeks[^1].Sketches.Total.Rows, 86_400_000L), (day.Rows, day.ToMs - day.FromMs));

        // The first one is out of service; what it said stands until its monitor is forgotten, also over a restart.
        await grid.RestartAsync();
        Assert.Equal(["1", "2"], (await grid.Monitor("m").GetAsync()).Versions.Select(static v => v.Version));
        Assert.Equal(before, (await grid.SignalsAsync()).Where(static s => s.Status == "open").Select(static s => s.Id));
        var layouts = (await grid.Monitor("m").GetLayoutAsync("1", FlightWeeksTests.Columns()), await grid.Monitor("m").GetLayoutAsync("2", FlightWeeksTests.Columns()));
        Assert.Equal((7 * 86_400_000L, 86_400_000L), (layouts.Item1.WindowMs, layouts.Item2.WindowMs));
    }

    [Fact]
    public async Task AModelThatNobodyWantsTrained_IsNotAskedFor_ButByHand()
    {
        await using var grid = await TestGrid.StartAsync(
            static options =>
            {
                options.Monitoring.Drift = new MonitorOptions { Window = TimeSpan.FromDays(7), RaiseAfter = 1, OutputThreshold = 10, FeatureThreshold = 10, RateThreshold = 1 };
                options.Monitoring.Retraining = new RetrainOptions { MinimumRows = 100 };
            },
            views: null);
        await PushAsync(grid, "kept", "1", "retraining: { enabled: false }");
        await PushAsync(grid, "trained", "1", "");
        var weeks = FlightWeeksTests.Weeks();
        for (var week = 0; week < 6; week++)
        {
            foreach (var model in (string[])["kept", "trained"])
            {
                await FlightWeeksTests.ReportAsync(grid, weeks[week], times: 1, model);
                await grid.Monitor(model).OutcomesAsync(OutcomeTests.Outcomes(week, isGood: week < 3));
            }
        }

        var signals = await grid.SignalsAsync();
        Assert.Equal(["kept", "trained"], signals.Where(static s => s is { Type: "performance", Statistic: "auc" }).Select(static s => s.Model).Order(StringComparer.Ordinal));
        Assert.Equal("trained", Assert.Single(signals, static s => s.Type == "retrain").Model);
        var kept = await grid.Monitor("kept").GetAsync();
        Assert.False(kept.Retrain.Start);
        Assert.Contains("by hand", kept.Retrain.Explanation, StringComparison.Ordinal);
        var asked = await grid.Monitor("kept").RetrainAsync("ann");
        Assert.True(asked.Start, asked.Explanation);
    }

    [Theory]
    [InlineData("monitoring: { min_rows: 3 }", "monitoring.min_rows")]
    [InlineData("retraining: { budget: 5000 }", "retraining.budget")]
    [InlineData("monitoring: { season: week, window_minutes: 1000 }", "monitoring.season")]
    public async Task APolicyThatCannotBe_IsRefusedWhenItsVersionIsRegistered(string section, string path)
    {
        await using var grid = await TestGrid.StartAsync(views: null);
        var error = (await Assert.ThrowsAsync<GridException>(() => PushAsync(grid, "m", "1", section))).Error;
        Assert.Equal(GridErrorCode.InvalidArgument, error.Code);
        Assert.Contains(path, error.Target, StringComparison.Ordinal);
        Assert.NotNull(error.Fix);
        Assert.Empty(await grid.Client.Models.ListAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<MonitorWindow> WindowAsync(TestGrid grid, string model) => (await grid.Monitor(model).GetAsync()).Versions.Single().Window!;

    private static async Task PushAsync(TestGrid grid, string model, string version, string section)
    {
        using var folder = new TempFolder();
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Flights, "models", "flights-late", "1")))
        {
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        }

        await File.AppendAllTextAsync(Path.Combine(folder.Path, "model.yaml"), $"\n{section}\n");
        await grid.Client.Models.PushAsync(model, version, folder.Path, makeLive: true);
    }
}
