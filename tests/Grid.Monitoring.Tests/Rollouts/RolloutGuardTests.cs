using Grid.Monitoring.Performance;
using Grid.Monitoring.Rollouts;
using Grid.Monitoring.Sketches;

namespace Grid.Monitoring.Tests.Rollouts;

public sealed class RolloutGuardTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private static readonly RolloutGuardOptions All = new() { DisagreementLimit = 0.1, LossMargin = 0.05 };

    [Fact]
    public void GoodChallenger_IsPromoted() =>
        Assert.Equal(RolloutVerdict.Promote, RolloutGuards.Judge(All, Arm(40_000, 0.001), Arm(40_000, 0.001), Long).Verdict);

    [Theory]
    [InlineData(0.10, 10, 0.02, 0.40, "errors")]
    [InlineData(0.001, 40, 0.02, 0.40, "p99")]
    [InlineData(0.001, 10, 0.30, 0.40, "disagreement")]
    [InlineData(0.001, 10, 0.02, 0.60, "performance")]
    public void ChallengerThatIsWrongSlowOrFailing_IsRolledBack(double errors, double latency, double disagreement, double loss, string guard)
    {
        var decision = RolloutGuards.Judge(All, Arm(20_000, 0.001), Arm(20_000, errors, latency, disagreement, loss), Long);
        Assert.Equal(RolloutVerdict.Rollback, decision.Verdict);
        Assert.StartsWith(guard, decision.Reason, StringComparison.Ordinal);
        Assert.Equal(4, decision.Guards.Length);
    }

    [Fact]
    public void TooEarly_IsAWait()
    {
        Assert.Equal(RolloutVerdict.Wait, RolloutGuards.Judge(All, Arm(100, 0.001), Arm(20, 0.001), Long).Verdict);
        Assert.Equal(RolloutVerdict.Wait, RolloutGuards.Judge(All, Arm(40_000, 0.001), Arm(40_000, 0.001), TimeSpan.FromMinutes(1)).Verdict);
    }

    [Fact]
    public void LookingAfterEveryFiftyRequests_RarelyRollsBackAnEqualChallenger()
    {
        // The challenger is exactly as much worse as the margin allows: the hardest case that must not roll back.
        var random = new Random(21);
        var options = new RolloutGuardOptions { P99Ratio = null, ErrorRateMargin = 0.01, Alpha = 0.05 };
        var wrong = 0;
        const int Rollouts = 400;
        for (var r = 0; r < Rollouts; r++)
        {
            long champion = 0, challenger = 0;
            for (var n = 1; n <= 5000; n++)
            {
                champion += random.NextDouble() < 0.02 ? 1 : 0;
                challenger += random.NextDouble() < 0.03 ? 1 : 0;
                if (n % 50 == 0 && RolloutGuards.Judge(options, Counts(n, champion), Counts(n, challenger), Long).Verdict == RolloutVerdict.Rollback)
                {
                    wrong++;
                    break;
                }
            }
        }

        output.WriteLine($"seed 21: {wrong} of {Rollouts} rolled back wrongly with 100 looks each");
        Assert.True(wrong <= 0.05 * Rollouts, $"seed 21: {wrong} of {Rollouts}");
    }

    private static RolloutArm Counts(long requests, long errors) => new() { Requests = requests, Errors = errors };

    private static RolloutArm Arm(int requests, double errors, double latency = 10, double disagreement = 0.02, double loss = 0.4)
    {
        var sketch = new KllSketch();
        LossSum sum = default;
        for (var i = 0; i < requests; i++)
        {
            sketch.Add(latency * (0.5 + (i % 100 / 100.0)));
            sum = sum.Add(loss + (0.1 * ((i % 7) - 3)));
        }

        return new RolloutArm
        {
            Requests = requests, Errors = (long)(requests * errors), LatencyMs = sketch, Compared = requests, Disagreements = (long)(requests * disagreement), Loss = sum,
        };
    }
}
