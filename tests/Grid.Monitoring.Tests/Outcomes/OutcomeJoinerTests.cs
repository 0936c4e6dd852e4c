using Grid.Monitoring.Outcomes;
using Grid.Monitoring.Performance;

namespace Grid.Monitoring.Tests.Outcomes;

public sealed class OutcomeJoinerTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Outcome_BeforeOrAfterItsPrediction_JoinsOnce()
    {
        var joiner = new OutcomeJoiner();
        Assert.Null(joiner.Predicted(new Prediction("a", "e", Now, 0.7), Now));
        Assert.Equal(JoinKind.Joined, joiner.Observed(new Outcome("a", null, default, 1), Now).Kind);
        Assert.Equal(JoinKind.Duplicate, joiner.Observed(new Outcome("a", null, default, 1), Now).Kind);
        Assert.Equal(JoinKind.Waiting, joiner.Observed(new Outcome("b", null, default, 0), Now).Kind);
        Assert.Equal(0.0, joiner.Predicted(new Prediction("b", "e", Now, 0.2), Now)!.Value.Label);
        Assert.Null(joiner.Predicted(new Prediction("b", "e", Now, 0.2), Now));
        Assert.Equal((2, 1, 0, 0), (joiner.Joined, joiner.Duplicates, joiner.OutcomesWaiting, joiner.Unmatched));
    }

    [Fact]
    public void Correction_TakesTheOldRowOut()
    {
        var joiner = new OutcomeJoiner();
        BinaryPerformance corrected = new(), right = new();
        joiner.Predicted(new Prediction("a", null, Now, 0.7), Now);
        corrected.Add(0.7, joiner.Observed(new Outcome("a", null, default, 0), Now).Label > 0.5);
        var join = joiner.Observed(new Outcome("a", null, default, 1), Now);
        Assert.Equal((JoinKind.Corrected, 0.0), (join.Kind, join.Replaced!.Value));
        corrected.Add(0.7, join.Replaced > 0.5, weight: -1);
        corrected.Add(0.7, join.Label > 0.5);
        right.Add(0.7, true);
        Assert.Equal(right.LogLoss, corrected.LogLoss, 1e-12);
        Assert.Equal((1, 1), (corrected.Count, corrected.Positives));
    }

    [Fact]
    public void EntityAndTime_FindTheLatestPredictionBefore()
    {
        var joiner = new OutcomeJoiner();
        joiner.Predicted(new Prediction("a", "e", Now, 0.1), Now);
        joiner.Predicted(new Prediction("b", "e", Now.AddSeconds(10), 0.2), Now);
        joiner.Predicted(new Prediction("c", "e", Now.AddSeconds(20), 0.3), Now);
        Assert.Equal("b", joiner.Observed(new Outcome(null, "e", Now.AddSeconds(15), 1), Now).Prediction.Id);
        Assert.Equal(JoinKind.Waiting, joiner.Observed(new Outcome(null, "e", Now.AddHours(1), 1), Now).Kind);
        Assert.Equal("d", joiner.Predicted(new Prediction("d", "e", Now.AddHours(1), 0.3), Now)!.Value.Prediction.Id);
    }

    [Fact]
    public void Memory_IsBounded_AndWhatLeavesIsCounted()
    {
        var joiner = new OutcomeJoiner(capacity: 100, keep: TimeSpan.FromMinutes(10));
        for (var i = 0; i < 1000; i++)
        {
            joiner.Predicted(new Prediction($"p{i}", "e", Now, 0.5), Now);
            joiner.Observed(new Outcome($"never{i}", null, default, 1), Now);
        }

        Assert.Equal((100, 100, 900, 900), (joiner.PredictionsHeld, joiner.OutcomesWaiting, joiner.Unlabelled, joiner.Unmatched));
        joiner.Expire(Now.AddMinutes(11));
        Assert.Equal((0, 0, 1000, 1000), (joiner.PredictionsHeld, joiner.OutcomesWaiting, joiner.Unlabelled, joiner.Unmatched));
    }
}
