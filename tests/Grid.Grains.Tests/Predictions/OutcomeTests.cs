using System.Diagnostics.Metrics;
using Grid.Abstractions;
using Grid.Grains.Outcomes;
using Grid.Grains.Tests.Support;
using Grid.Primitives;

namespace Grid.Grains.Tests.Predictions;

/// <summary>What becomes of the truth about predictions.</summary>
public sealed class OutcomeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ById_TheModelIsFoundInTheLog_AlsoWhileThePredictionIsStillBuffered()
    {
        await using var grid = await LoggedFlights.StartAsync();
        var answer = await grid.PredictAsync();
        Assert.Equal([OutcomeVerdict.Recorded], await ReportAsync(grid, ById(answer, 1)));

        // The same by its model is the same outcome.
        Assert.Equal([OutcomeVerdict.Duplicate], await ReportAsync(grid, ById(answer, 1) with { Model = LoggedFlights.Model }));
        Assert.Equal([OutcomeVerdict.Corrected], await ReportAsync(grid, ById(answer, 0)));
        var stored = Assert.Single(await grid.Service<Storage.IOutcomeStore>().ReadAsync("default", LoggedFlights.Tenant, LoggedFlights.Model, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, null, 10, Cancel));
        Assert.Equal((answer.Id, 0.0, 1, answer.AsOfMs), (stored.Record.PredictionId, stored.Record.Value, stored.Corrections, stored.Record.Time.ToUnixTimeMilliseconds()));
    }

    [Fact]
    public async Task EachIsJudgedForItself_AndCounted()
    {
        await using var grid = await LoggedFlights.StartAsync();
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = Listen(grid, counts);
        var answer = await grid.PredictAsync();
        var unlogged = $"{LoggedFlights.Tenant}.0.{answer.AsOfMs:x}.1.ffff";
        Outcome[] outcomes =
        [
            ById(answer, 1),
            new(unlogged, "", "", 0, 1),
            new(unlogged, LoggedFlights.Model, "", 0, 1),
            new("no id", "", "", 0, 1),
            new(answer.Id.Replace(LoggedFlights.Tenant, "other", StringComparison.Ordinal), "", "", 0, 1),
            new(null, LoggedFlights.Model, "BOS", answer.AsOfMs, 0),
            new(null, LoggedFlights.Model, "BOS", answer.AsOfMs, 0),
            new(null, LoggedFlights.Model, "", answer.AsOfMs, 0),
            new(null, "no model", "BOS", answer.AsOfMs, 0),
            new(null, LoggedFlights.Model, "BOS", answer.AsOfMs + 1, double.NaN),
            ById(answer, 1) with { Model = "another" },
        ];

        var answers = await grid.Client.ReportOutcomeAsync(LoggedFlights.Tenant, outcomes, Cancel);

        Assert.Equal(
            [
                OutcomeVerdict.Recorded, OutcomeVerdict.Unmatched, OutcomeVerdict.Recorded, OutcomeVerdict.Refused, OutcomeVerdict.Refused, OutcomeVerdict.Recorded,
                OutcomeVerdict.Duplicate, OutcomeVerdict.Refused, OutcomeVerdict.Refused, OutcomeVerdict.Refused, OutcomeVerdict.Mismatched,
            ],
            answers.Select(static a => a.Verdict));
        Assert.All(answers, static a => Assert.Equal(a.Verdict is OutcomeVerdict.Recorded or OutcomeVerdict.Duplicate, a.Reason is null));
        Assert.StartsWith("prediction_id", answers[3].Reason, StringComparison.Ordinal);
        Assert.Contains("not of this tenant", answers[4].Reason, StringComparison.Ordinal);
        Assert.Equal(
            [("duplicate", 1), ("mismatched", 1), ("recorded", 3), ("refused", 5), ("unmatched", 1)],
            counts.OrderBy(static c => c.Key, StringComparer.Ordinal).Select(static c => (c.Key, c.Value)));
    }

    [Fact]
    public async Task OutcomeWithoutALog_IsUnmatchedByIdAlone_AndTakenWithItsModel()
    {
        await using var grid = await LoggedFlights.StartAsync(static options => options.PredictionLog.Enabled = false);
        var answer = await grid.PredictAsync();
        Assert.Equal([OutcomeVerdict.Unmatched, OutcomeVerdict.Recorded], await ReportAsync(grid, ById(answer, 1), ById(answer, 1) with { Model = LoggedFlights.Model }));
    }

    private static Outcome ById(Prediction answer, double value) => new(answer.Id, "", "", 0, value);

    private static async Task<IEnumerable<OutcomeVerdict>> ReportAsync(TestGrid grid, params Outcome[] outcomes) =>
        (await grid.Client.ReportOutcomeAsync(LoggedFlights.Tenant, outcomes, Cancel)).Select(static a => a.Verdict);

    private static MeterListener Listen(TestGrid grid, Dictionary<string, long> counts)
    {
        // Other silos of this process count on instruments of the same name.
        var own = grid.Service<IMeterFactory>().Create(OutcomeInstruments.MeterName);
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (ReferenceEquals(instrument.Meter, own))
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var verdict = (string)tags[0].Value!;
            counts[verdict] = counts.GetValueOrDefault(verdict) + value;
        });
        listener.Start();
        return listener;
    }
}
