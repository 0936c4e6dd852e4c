using Grid.Monitoring.Retraining;
using Grid.Monitoring.Signals;
using Grid.Primitives;

namespace Grid.Monitoring.Tests.Retraining;

public sealed class RetrainPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly RetrainOptions Options = new() { DataVolume = 100_000, MaximumAge = TimeSpan.FromDays(90) };

    [Fact]
    public void Reasons_HaveAnOrder()
    {
        Assert.Equal(RetrainReason.LabelledPerformance, Reason(SignalType.FeatureDrift, SignalType.PredictionDrift, SignalType.EstimatedPerformance, SignalType.Performance));
        Assert.Equal(RetrainReason.EstimatedPerformance, Reason(SignalType.FeatureDrift, SignalType.PredictionDrift, SignalType.EstimatedPerformance));
        Assert.Equal(RetrainReason.PredictionDrift, Reason(SignalType.FeatureDrift, SignalType.PredictionDrift));
        Assert.Equal(RetrainReason.InputDrift, Reason(SignalType.FeatureDrift));
        Assert.Equal(RetrainReason.DataVolume, Decide(Facts() with { LabelledRows = 100_000, TrainedUpTo = Now.AddDays(-200) }).Reason);
        Assert.Equal(RetrainReason.Age, Decide(Facts() with { TrainedUpTo = Now.AddDays(-200), Manual = true }).Reason);
        Assert.Equal(RetrainReason.Manual, Decide(Facts() with { Manual = true }).Reason);
        Assert.False(Decide(Facts()).Start);

        static RetrainReason? Reason(params SignalType[] types) => Decide(Facts(types)).Reason;
    }

    [Fact]
    public void InputDrift_IsWeighedByFeatures()
    {
        var facts = Facts(SignalType.FeatureDrift) with { Features = ["f", "g"] };
        Assert.True(Decide(facts with { Weights = System.Collections.Immutable.ImmutableDictionary<string, double>.Empty.Add("f", 9).Add("g", 1) }).Start);
        Assert.False(Decide(facts with { Weights = System.Collections.Immutable.ImmutableDictionary<string, double>.Empty.Add("f", 1).Add("g", 9) }).Start);
    }

    [Fact]
    public void LostChallengers_DoubleTheWait_AndAWonOneEndsIt()
    {
        var history = RetrainHistory.Empty.Started(Now.AddHours(-7));
        Assert.True(Decide(Facts(SignalType.Performance), history).Start);
        var lost = Decide(Facts(SignalType.Performance), history.Lost().Lost());
        Assert.False(lost.Start);
        Assert.Equal(Now.AddHours(-7 + 24), lost.NotBefore);
        Assert.True(Decide(Facts(SignalType.Performance), history.Lost().Lost().Won()).Start);
        Assert.True(Decide(Facts(SignalType.Performance) with { Manual = true }, history.Lost().Lost()).Start);
    }

    [Fact]
    public void Budget_HoldsForEveryone_AndBrokenDataIsNotTrainedOn()
    {
        var history = Enumerable.Range(1, 8).Aggregate(RetrainHistory.Empty, static (h, i) => h.Started(Now.AddDays(-6).AddHours(i)));
        var decision = Decide(Facts() with { Manual = true }, history);
        Assert.False(decision.Start);
        Assert.Equal(Now.AddDays(1).AddHours(1), decision.NotBefore);
        Assert.False(Decide(Facts(SignalType.Performance, SignalType.MissingValues)).Start);
        Assert.False(Decide(Facts(SignalType.Performance) with { LabelledRows = 10 }).Start);
    }

    [Fact]
    public void WhereNobodyWantsTrainings_OnlyAHandAsks()
    {
        var options = Options with { Enabled = false };
        Assert.False(RetrainPolicy.Decide(Facts(SignalType.Performance), RetrainHistory.Empty, options, Now).Start);
        Assert.Null(RetrainPolicy.Decide(Facts(SignalType.Performance), RetrainHistory.Empty, options, Now).Reason);
        Assert.True(RetrainPolicy.Decide(Facts() with { Manual = true }, RetrainHistory.Empty, options, Now).Start);
    }

    [Fact]
    public void ALongCoolDown_DoubledForLong_IsTheLongestBackOff()
    {
        var options = Options with { CoolDown = TimeSpan.FromDays(3000), MaximumBackOff = TimeSpan.FromDays(30_000) };
        var history = Enumerable.Range(0, 40).Aggregate(RetrainHistory.Empty.Started(Now), static (h, _) => h.Lost());
        Assert.Equal(Now.AddDays(30_000), RetrainPolicy.Decide(Facts(SignalType.Performance), history, options, Now).NotBefore);
    }

    private static RetrainDecision Decide(RetrainFacts facts, RetrainHistory? history = null) => RetrainPolicy.Decide(facts, history ?? RetrainHistory.Empty, Options, Now);

    private static RetrainFacts Facts(params SignalType[] types) => new()
    {
        Signals = [.. types.Select(static t => new Signal
        {
            Type = t, Severity = SignalSeverity.Warning, Status = SignalStatus.Open, Version = new VersionKey("default", "m", "1"), Digest = default, OpenedAt = Now, UpdatedAt = Now,
            Evidence = new SignalEvidence("f", "psi", 1, null, 0.2, 0, 1000, 1000, Now, Now),
        })],
        Features = ["f"],
        LabelledRows = 5000,
        TrainedUpTo = Now.AddDays(-10),
    };
}
