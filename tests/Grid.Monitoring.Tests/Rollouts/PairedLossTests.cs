using CsCheck;
using Grid.Monitoring.Rollouts;

namespace Grid.Monitoring.Tests.Rollouts;

public sealed class PairedLossTests(ITestOutputHelper output)
{
    private static readonly Gen<(double Champion, double Challenger, double Label)> s_rows =
        Gen.Select(Gen.Double[0.01, 0.99], Gen.Double[0.01, 0.99], Gen.Bool.Select(static late => late ? 1.0 : 0.0));

    [Fact]
    public void ARowThatIsTakenOutAgain_LeavesNothing() =>
        Gen.Select(s_rows.Array[1, 40], s_rows).Sample(static (rows, wrong) =>
        {
            var without = Of(rows);
            var with = without.Add(wrong.Champion, wrong.Challenger, wrong.Label).Add(wrong.Champion, wrong.Challenger, wrong.Label, weight: -1);
            Assert.Equal(without.Count, with.Count);
            Assert.Equal(without.Champion.Mean, with.Champion.Mean, 1e-9);
            Assert.Equal(without.Difference.SumOfSquares, with.Difference.SumOfSquares, 1e-9);
        });

    [Fact]
    public void Probabilities_LoseLogLoss_AndOtherScores_TheirSquaredError()
    {
        var binary = default(PairedLoss).Add(0.8, 0.6, 1);
        Assert.Equal((-Math.Log(0.8), -Math.Log(0.6)), (binary.Champion.Mean, binary.Challenger.Mean));

        var regression = default(PairedLoss).Add(10, 12, 13);
        Assert.Equal((9.0, 1.0, -8.0), (regression.Champion.Mean, regression.Challenger.Mean, regression.Difference.Mean));
    }

    [Fact]
    public void FewOutcomes_ProveNothing()
    {
        var loss = Of(Rows(new Random(1), 5, excess: 0.5));
        var (_, low, high) = loss.Excess(0.05, 0.01);
        Assert.True(low < 0.05 && high > 0.05, $"{low} to {high}");
        Assert.True(double.IsNaN(default(PairedLoss).Excess(0.05, 0.01).Excess));
    }

    [Theory]
    [InlineData(0.0, false)]
    [InlineData(0.5, true)]
    public void EnoughOutcomes_TellAnEqualChallengerFromAWorseOne(double excess, bool isWorse)
    {
        var (_, low, high) = Of(Rows(new Random(2), 4_000, excess)).Excess(0.05, 0.01);
        Assert.Equal(isWorse, low > 0.05);
        Assert.Equal(!isWorse, high < 0.05);
    }

    /// <summary>Exactly as much worse as the margin allows, looked at after every fifty outcomes: the hardest case that must not be found worse.</summary>
    [Fact]
    public void LookingAfterEveryFiftyOutcomes_RarelyFindsAChallengerAtItsMarginWorse()
    {
        const int Seed = 21, Trials = 400;
        var random = new Random(Seed);
        var wrong = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            // Squared errors: the champion's mean is 1, the challenger's 1.05.
            var loss = default(PairedLoss);
            for (var n = 1; n <= 5_000; n++)
            {
                var hard = random.NextDouble() < 0.5 ? 1 : -1;
                loss = loss.Add(10 + hard, 10 + (hard * Math.Sqrt(1.05 + ((random.NextDouble() - 0.5) * 0.6))), 10);
                if (n % 50 == 0 && loss.Excess(0.05, 0.05).Low > 0.05)
                {
                    wrong++;
                    break;
                }
            }
        }

        output.WriteLine($"seed {Seed}: {wrong} of {Trials} found worse with 100 looks each");
        Assert.True(wrong <= Trials * 0.05, $"seed {Seed}: {wrong} of {Trials}");
    }

    private static PairedLoss Of(IEnumerable<(double Champion, double Challenger, double Label)> rows) =>
        rows.Aggregate(default(PairedLoss), static (loss, row) => loss.Add(row.Champion, row.Challenger, row.Label));

    /// <summary>A calibrated champion, and a challenger that is off by as much in the log odds.</summary>
    private static IEnumerable<(double Champion, double Challenger, double Label)> Rows(Random random, int count, double excess)
    {
        for (var i = 0; i < count; i++)
        {
            var p = 0.1 + (0.8 * random.NextDouble());
            var odds = Math.Log(p / (1 - p)) + (4 * excess * (random.NextDouble() - 0.5)) + (excess * 2);
            yield return (p, 1 / (1 + Math.Exp(-odds)), random.NextDouble() < p ? 1 : 0);
        }
    }
}
