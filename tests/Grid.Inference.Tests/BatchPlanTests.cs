using CsCheck;
using Grid.Inference.Rows;

namespace Grid.Inference.Tests;

public sealed class BatchPlanTests
{
    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(4, new[] { 1, 4 })]
    [InlineData(10, new[] { 1, 4, 10 })]
    [InlineData(64, new[] { 1, 4, 16, 64 })]
    [InlineData(100, new[] { 1, 4, 16, 64, 100 })]
    public void Buckets_GrowFourfoldToTheMostRows(int maxBatch, int[] buckets) => Assert.Equal(buckets, RowLayout.BucketsUpTo(maxBatch));

    [Fact]
    public void Plan_IsAsCheapAsTheBestOfAllPlansAndDoesWhatItPromises() =>
        Gen.Select(Gen.Int[1, 40], Gen.Double[1, 1000].Array[6]).Sample((maxBatch, costs) =>
        {
            var buckets = RowLayout.BucketsUpTo(maxBatch);
            var plan = new BatchPlan(buckets, costs[..buckets.Length]);
            for (var rows = 1; rows <= maxBatch; rows++)
            {
                var walked = 0.0;
                for (var left = rows; left > 0; left -= Math.Min(left, buckets[plan.First(left)]))
                {
                    walked += costs[plan.First(left)];
                }

                var best = Best(buckets, costs, rows);
                Assert.Equal(best, plan.CostOf(rows), 1e-6);
                Assert.Equal(best, walked, 1e-6);
            }
        });

    [Fact]
    public void PaddingThatIsDear_IsAvoidedAndPaddingThatIsFreeIsTaken()
    {
        int[] buckets = [1, 4, 16];
        // Trees: by the row. Five rows are four and one.
        Assert.Equal(1, new BatchPlan(buckets, [10, 40, 160]).First(5));
        // A small network: by the run. Five rows go as sixteen.
        Assert.Equal(2, new BatchPlan(buckets, [2.2, 2.5, 3.7]).First(5));
        Assert.Equal(2 * 3.7 + 2.2, new BatchPlan(buckets, [2.2, 2.5, 3.7]).CostOf(33), 1e-9);
    }

    /// <summary>Tries every choice; exponential, so for few rows.</summary>
    private static double Best(int[] buckets, double[] costs, int rows)
    {
        var best = new Dictionary<int, double> { [0] = 0 };
        return Find(rows);

        double Find(int left) => left <= 0 ? 0 : best.TryGetValue(left, out var known) ? known
            : best[left] = buckets.Select((b, i) => costs[i] + Find(left - b)).Min();
    }
}
