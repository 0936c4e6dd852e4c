using CsCheck;
using Grid.Abstractions;
using Grid.Grains.Rollouts;

namespace Grid.Grains.Tests.Rollouts;

/// <summary>Laws of the latency counts and of the sums over silos.</summary>
public sealed class LatencyBucketTests
{
    [Fact]
    public void ABucket_HoldsWhatItsBoundsSay_AndIsAnEighthWideAtMost() =>
        Gen.Double[0, 60_000_000].Sample(microseconds =>
        {
            var index = LatencyBuckets.IndexOf(microseconds);
            var (low, high) = (LatencyBuckets.LowerBoundOf(index), LatencyBuckets.LowerBoundOf(index + 1));
            return low <= microseconds && microseconds < high && (high - low <= 1 || high <= low * 1.125);
        });

    [Fact]
    public void AQuantile_IsAtOrJustAboveTheTrueOne() =>
        Gen.Double[0, 1_000_000].Array[1, 300].Sample(latencies =>
        {
            var counts = CountsOf(latencies);
            var exact = latencies.Order().ElementAt((int)Math.Ceiling(0.99 * latencies.Length) - 1);
            var found = LatencyBuckets.Quantile(counts, 0.99);
            return found >= exact && found <= Math.Max((exact * 1.126) + 1, exact + 1);
        });

    [Fact]
    public void CountOver_CountsNothingThatIsWithinTheLimit() =>
        Gen.Select(Gen.Double[0, 1_000_000].Array[1, 300], Gen.Double[1, 1_000_000]).Sample((latencies, limit) =>
            LatencyBuckets.CountOver(CountsOf(latencies), limit) <= latencies.Count(latency => latency >= limit)
            && LatencyBuckets.CountOver(CountsOf(latencies), limit) >= latencies.Count(latency => latency >= (limit * 1.125) + 1));

    [Fact]
    public void Sums_AreTheSameInWhateverOrderAndGrouping_SilosReport() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 100], Gen.Long[0, 50].Array[0, 5]).Array[1, 12].Sample(parts =>
        {
            VersionTally[] tallies = [.. parts.Select(part => new VersionTally("1", part.Item1, part.Item2, LatencyBuckets.Trim(part.Item3)))];
            var forward = Assert.Single(Tallies.Versions(tallies.Select((tally, i) => Report(i, tally))));
            var backward = tallies.Reverse().Aggregate(Tallies.Add);
            return (forward.Requests, forward.Errors) == (backward.Requests, backward.Errors)
                && forward.Requests == parts.Sum(part => (long)part.Item1)
                && forward.Latency.SequenceEqual(backward.Latency);
        });

    private static long[] CountsOf(double[] latencies)
    {
        var counts = new long[LatencyBuckets.Count];
        foreach (var latency in latencies)
        {
            counts[LatencyBuckets.IndexOf(latency)]++;
        }

        return LatencyBuckets.Trim(counts);
    }

    private static RolloutReport Report(int silo, VersionTally tally) => new($"silo-{silo}", 1, 1, [tally], []);
}
