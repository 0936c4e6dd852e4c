using Grid.Abstractions;
using Grid.Grains.Tests.Rollouts;
using Grid.Grains.Tests.Support;
using Grid.Monitoring.Retraining;
using Grid.Monitoring.Windows;

namespace Grid.Grains.Tests.Monitoring;

/// <summary>From the truth to performance, and from there to a request to train again.</summary>
public sealed class OutcomeTests
{
    private const string Model = "flights-late";
    private const int Rows = 600;

    [Fact]
    public async Task LabelsThatNoLongerFit_RaisePerformance_AndAskForATraining_OnceWithItsReasonAndRows()
    {
        await using var grid = await FlightWeeksTests.StartAsync(1, options =>
        {
            options.Monitoring.Drift = new MonitorOptions { Window = TimeSpan.FromDays(7), RaiseAfter = 1, OutputThreshold = 10, FeatureThreshold = 10, RateThreshold = 1 };
            options.Monitoring.Retraining = new RetrainOptions { MinimumRows = 100 };
        });
        var weeks = FlightWeeksTests.Weeks();
        for (var week = 0; week < 5; week++)
        {
            await FlightWeeksTests.ReportAsync(grid, weeks[week], times: 1);
            var counts = await grid.Monitor(Model).OutcomesAsync(Outcomes(week, isGood: week < 3));
            Assert.Equal((Rows, 0, 0), (counts.Joined, counts.Duplicates, counts.Corrected));
        }

        await FlightWeeksTests.ReportAsync(grid, weeks[5], times: 1);
        var signals = await grid.SignalsAsync();
        var worse = Assert.Single(signals, static s => s is { Type: "performance", Statistic: "auc" });
        Assert.True(worse.Value < 0.6 && worse.Reference > 0.9);
        var retrain = Assert.Single(signals, static s => s.Type == "retrain");
        Assert.Contains("Outcomes show", retrain.Explanation, StringComparison.Ordinal);
        Assert.Contains(worse.Id, retrain.Because);
        Assert.Equal((retrain.OpenedMs, null, 5L * Rows), (retrain.DataToMs!.Value, retrain.DataFromMs, retrain.LabelledRows));
        var status = await grid.Monitor(Model).GetAsync();
        Assert.Equal((true, "labelled-performance", retrain.Id), (status.Retrain.Start, status.Retrain.Reason, status.Retrain.SignalId));

        // The request stands until a version comes of it; it is not made again.
        var again = await grid.Monitor(Model).RetrainAsync("ann");
        Assert.Equal(retrain.Id, again.SignalId);
        Assert.Single((await grid.SignalsAsync()), static s => s.Type == "retrain");
    }

    [Fact]
    public async Task OfThreeTenants_TheOneWhoseOutcomesNoLongerFit_IsNamed()
    {
        await using var grid = await FlightWeeksTests.StartAsync(1, static options => options.Monitoring.Drift = new MonitorOptions
        {
            Window = TimeSpan.FromDays(7), RaiseAfter = 1, OutputThreshold = 10, FeatureThreshold = 10, RateThreshold = 1,
        });
        var weeks = FlightWeeksTests.Weeks();
        for (var week = 0; week < 8; week++)
        {
            await FlightWeeksTests.ReportAsync(grid, weeks[week], times: 1);
            await grid.Monitor(Model).OutcomesAsync([.. Outcomes(week, isGood: true).Select((o, i) => o with { Tenant = $"t{i % 3}", Label = week >= 3 && i % 3 == 1 ? i / 3 % 2 : o.Label })]);
        }

        var worse = Assert.Single(await grid.SignalsAsync(), static s => s is { Type: "performance", Statistic: "log_loss" });
        var tenant = Assert.Single(worse.Tenants!);
        Assert.Equal(("t1", "log_loss"), (tenant.Tenant, tenant.Statistic));
        Assert.InRange(tenant.Share, 0.33, 0.34);
        Assert.True(tenant.Value > worse.Value && tenant.Without < worse.Threshold, $"{tenant}");
    }

    [Fact]
    public async Task ARepeatedOutcome_CountsOnce_AndACorrectedOneReplaces()
    {
        await using var grid = await FlightWeeksTests.StartAsync(1);
        await FlightWeeksTests.ReportAsync(grid, FlightWeeksTests.Weeks()[0], times: 1);
        var outcomes = Outcomes(0, isGood: true);
        await grid.Monitor(Model).OutcomesAsync(outcomes);
        Assert.Equal(Rows, (await grid.Monitor(Model).OutcomesAsync(outcomes)).Duplicates);
        var corrected = await grid.Monitor(Model).OutcomesAsync([outcomes[0] with { Label = 1 - outcomes[0].Label }]);
        Assert.Equal((1, 0), (corrected.Corrected, corrected.Joined));
        var ignored = await grid.Monitor(Model).OutcomesAsync([outcomes[0] with { Label = double.NaN }, outcomes[0] with { Version = "9" }]);
        Assert.Equal(2, ignored.Ignored);
        Assert.Equal(Rows, (await grid.Monitor(Model).GetAsync()).LabelledRows);
    }

    [Fact]
    public async Task OutcomesOfWhatSilosReported_AreJoinedById_WhicheverComesFirst_AndUnknownOnesWait()
    {
        await using var trial = await TrialGrid.StartAsync(null, static options => options.Monitoring.Period = TimeSpan.FromMilliseconds(200));
        var monitor = trial.Grid.Monitor(TrialGrid.Model);
        var prediction = await trial.PredictAsync("card-1");
        var counts = await monitor.OutcomesAsync([new ObservedOutcome("t", prediction.Id, "card-1", prediction.AsOfMs, 1, null, null), new ObservedOutcome("t", "nobody", "card-1", prediction.AsOfMs, 1, null, null)]);
        Assert.Equal(2, counts.Joined + counts.Waiting);
        Assert.True(counts.Waiting >= 1);
        var status = await MonitorCalls.UntilAsync(monitor.GetAsync, static s => s.LabelledRows > 0);
        Assert.Equal(1, status.LabelledRows);
    }

    internal static ObservedOutcome[] Outcomes(int week, bool isGood) =>
    [
        .. Enumerable.Range(0, Rows).Select(i =>
        {
            var score = 0.05 + (0.9 * i / Rows);
            var label = isGood ? score > 0.5 : i % 2 == 0;
            return new ObservedOutcome("t", FormattableString.Invariant($"{week}-{i}"), "e", week, label ? 1 : 0, score, "1");
        }),
    ];
}
