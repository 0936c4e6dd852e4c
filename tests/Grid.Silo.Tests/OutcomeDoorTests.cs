using Grid.Abstractions;
using Grid.Silo.Tests.Support;

namespace Grid.Silo.Tests;

/// <summary>The truth that is reported at the door is measured by the model's monitor.</summary>
public sealed class OutcomeDoorTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    /// <summary>What a loaded machine may take for what takes seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task ReportedOutcomes_AreMeasured_AndARepeatedOneCountsOnce_AlsoOfAModelThatIsNotThere()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        var first = await silo.Sdk.PredictAsync(Flights.Model, "truth", "BOS", Flights.Values, Flights.AsOf, cancellationToken: limit.Token);
        var second = await silo.Sdk.PredictAsync(Flights.Model, "truth", "LAX", Flights.Values, Flights.AsOf, cancellationToken: limit.Token);

        // A model that nobody knows has no monitor to disturb.
        var lost = await silo.Sdk.ReportOutcomeAsync("truth", [new Outcome(null, "nobody", "BOS", first.AsOfMs, 1)], limit.Token);
        Assert.Equal(OutcomeVerdict.Recorded, lost.Single().Verdict);

        // Twice by id, once by entity and time.
        Outcome byId = new(first.Id, Flights.Model, "", 0, 1), byEntity = new(null, Flights.Model, "LAX", second.AsOfMs, 0);
        Assert.Equal([OutcomeVerdict.Recorded, OutcomeVerdict.Duplicate], (await silo.Sdk.ReportOutcomeAsync("truth", [byId, byId], limit.Token)).Select(static a => a.Verdict));
        Assert.Equal(OutcomeVerdict.Recorded, (await silo.Sdk.ReportOutcomeAsync("truth", [byEntity], limit.Token)).Single().Verdict);

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await silo.Sdk.Signals.GetMonitorAsync(Flights.Model, limit.Token)).LabelledRows < 2)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }

        Assert.Equal(2, (await silo.Sdk.Signals.GetMonitorAsync(Flights.Model, limit.Token)).LabelledRows);
    }
}
