using CsCheck;
using Grid.Abstractions;
using Grid.Grains.Rollouts;
using Grid.Inference.Manifests;

namespace Grid.Grains.Tests.Rollouts;

/// <summary>What the guards say of counts, and which step follows.</summary>
public sealed class TrialGuardTests
{
    private static readonly ManifestGuards s_guards = new()
    {
        MinRequests = 200,
        ErrorRate = 0.02,
        P99Ms = 10,
        Disagreement = new DisagreementGuard { Rate = 0.1 },
        Steps = [5, 25],
    };

    [Fact]
    public void AVersionWithinEveryLimit_IsGood_OnceThereAreEnough()
    {
        Assert.Equal(TrialOutcome.Open, Judge(Tally(199, 0), Comparison(199, 0)).Outcome);
        Assert.Equal(TrialOutcome.Open, Judge(Tally(500, 0), Comparison(199, 0)).Outcome);
        Assert.Equal(TrialOutcome.Good, Judge(Tally(200, 2), Comparison(200, 10)).Outcome);
    }

    [Theory]
    [InlineData("error_rate", 40, 0, 0)]
    [InlineData("p99_ms", 0, 40, 0)]
    [InlineData("disagreement", 0, 0, 90)]
    public void AVersionThatIsOverOneLimit_IsBad_AndTheReasonNamesItWithItsNumbers(string guard, int errors, int slow, int disagreed)
    {
        var verdict = Judge(Tally(150, errors, slow), Comparison(150, disagreed));

        Assert.Equal(TrialOutcome.Bad, verdict.Outcome);
        Assert.StartsWith(guard, verdict.Reason, StringComparison.Ordinal);
        Assert.Equal(3, verdict.Figures.Length);
    }

    [Fact]
    public void FailuresThatTheLiveVersionHasToo_AreNotHeldAgainstTheOneOnTrial()
    {
        var challenger = Tally(300, 90);

        Assert.Equal(TrialOutcome.Bad, TrialGuards.Judge(s_guards, Tally(3_000, 0), challenger, Comparison(300, 0), null).Outcome);
        Assert.Equal(TrialOutcome.Good, TrialGuards.Judge(s_guards, Tally(3_000, 900), challenger, Comparison(300, 0), null).Outcome);
    }

    [Theory]
    [InlineData(3_000, 0.30, "Good")]
    [InlineData(3_000, 0.60, "Bad")]
    [InlineData(300, 0.30, "Open")]
    [InlineData(0, 0, "Open")]
    public void OutcomesDecide_OnceThereAreEnoughOfThem(int outcomes, double challengerLoss, string expected)
    {
        var verdict = Judge(s_guards with { Performance = new PerformanceGuard { Margin = 0.05, MinOutcomes = 1_000 } }, outcomes == 0 ? null : Standing(outcomes, 0.30, challengerLoss));

        Assert.Equal(expected, verdict.Outcome.ToString());
        Assert.Equal(outcomes, Assert.Single(verdict.Figures, static figure => figure.Name == "performance").Samples);
        Assert.Contains(expected == "Bad" ? "performance is 1 on 3000" : $"{outcomes}", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void AnOpenDriftSignal_IsBad_WhereTheManifestSaysSo()
    {
        var standing = Standing(0, 0, 0) with { Drifting = ["o_late_7d"] };

        Assert.Equal(TrialOutcome.Good, Judge(s_guards, standing).Outcome);
        var verdict = Judge(s_guards with { Drift = true }, standing);
        Assert.Equal((TrialOutcome.Bad, "drift of o_late_7d"), (verdict.Outcome, verdict.Reason));
    }

    /// <summary>Looked at after every request, ten thousand times over: the bound holds for the whole trial and not for each look.</summary>
    [Fact]
    public void ARateAtItsLimit_IsHardlyEverFoundOverIt_HoweverOftenOneLooks()
    {
        const int Trials = 1_000;
        const int Seed = 20_010_131;
        var random = new Random(Seed);
        var alarms = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            var events = 0;
            for (var n = 1; n <= 2_000; n++)
            {
                events += random.NextDouble() < 0.05 ? 1 : 0;
                if (SequentialRate.IsOver(events, n, 0.05))
                {
                    alarms++;
                    break;
                }
            }
        }

        Assert.True(alarms <= 5, $"seed {Seed}: {alarms} of {Trials} trials at the limit were found over it; one is expected");
    }

    [Fact]
    public void ATwofoldExcess_IsFoundSoon()
    {
        var events = 0;
        var random = new Random(7);
        var n = 0;
        while (!SequentialRate.IsOver(events, n, 0.05))
        {
            n++;
            events += random.NextDouble() < 0.1 ? 1 : 0;
            Assert.True(n < 2_000, "2,000 observations at twice the limit were not enough");
        }
    }

    [Fact]
    public void MoreEvents_NeverTurnAnAlarmOff() =>
        Gen.Select(Gen.Int[1, 2_000], Gen.Double[0, 1], Gen.Double[0, 0.99]).Sample((observations, share, limit) =>
        {
            var events = (int)(observations * share);
            return events == observations || !SequentialRate.IsOver(events, observations, limit) || SequentialRate.IsOver(events + 1, observations, limit);
        });

    [Fact]
    public void AGoodCanary_GoesThroughTheSteps_ThenBecomesLive_AndABadOneGoesBack()
    {
        var good = new TrialVerdict(TrialOutcome.Good, "", []);
        var bad = new TrialVerdict(TrialOutcome.Bad, "", []);

        Assert.Equal((RolloutAction.Canary, 25), Step(5, good));
        Assert.Equal((RolloutAction.Promote, 100), Step(25, good));
        Assert.Equal((RolloutAction.Rollback, 0), Step(5, bad));
        Assert.Null(TrialPlan.Canary(Rollout(5), s_guards, new TrialVerdict(TrialOutcome.Open, "", [])));
        Assert.Null(TrialPlan.Canary(Rollout(5, isAutomatic: false), s_guards, bad));
        Assert.Null(TrialPlan.Canary(Rollout(5), s_guards with { Steps = [] }, good));

        static (RolloutAction, double) Step(double share, TrialVerdict verdict)
        {
            var decision = TrialPlan.Canary(Rollout(share), s_guards, verdict)!;
            return (decision.Action, decision.SharePercent);
        }
    }

    private static TrialVerdict Judge(ManifestGuards guards, TrialStanding? standing) => TrialGuards.Judge(guards, Tally(10_000, 0), Tally(500, 0), Comparison(500, 0), standing);

    /// <summary>Losses that are the same on every second row, and half as much apart again on the others.</summary>
    private static TrialStanding Standing(int outcomes, double champion, double challenger)
    {
        var difference = challenger - champion;
        return new TrialStanding("1", "2", Loss(champion), Loss(challenger), new LossTally(outcomes, outcomes * difference, outcomes * ((difference * difference) + 0.01)), []);

        LossTally Loss(double mean) => new(outcomes, outcomes * mean, outcomes * mean * mean * 2);
    }

    private static TrialVerdict Judge(VersionTally challenger, ComparisonTally comparison) => TrialGuards.Judge(s_guards, Tally(10_000, 0), challenger, comparison, null);

    private static Rollout Rollout(double share, bool isAutomatic = true) => new(3, "1", new Canary("2", share, StickyBy.Entity, isAutomatic), null, []);

    private static VersionTally Tally(int requests, int errors, int slow = 0)
    {
        var latency = new long[LatencyBuckets.Count];
        latency[LatencyBuckets.IndexOf(1_000)] = requests - slow;
        latency[LatencyBuckets.IndexOf(50_000)] = slow;
        return new VersionTally("v", requests, errors, LatencyBuckets.Trim(latency));
    }

    private static ComparisonTally Comparison(int compared, int disagreed) => new("1", "2", compared, disagreed, 0, 0, 0, 0, 0, 0, []);
}
