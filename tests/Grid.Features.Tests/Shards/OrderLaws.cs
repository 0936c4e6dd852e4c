using CsCheck;
using Grid.Features.Tests.Model;

namespace Grid.Features.Tests.Shards;

/// <summary>The same accepted events in another order: counts, least, greatest and last values are the same bits, sums within a bound.</summary>
public sealed class OrderLaws
{
    [Fact]
    public void AShuffle_KeepsAllButSumsToTheBit() => Gen.Select(ModelViews.Stream(2, 300), Gen.Int).Sample(static c =>
    {
        var (events, seed) = c;
        using var inOrder = new ShardHarness(ModelViews.Plan);
        using var shuffled = new ShardHarness(ModelViews.Plan);

        // Positions must rise within a partition, so every event comes as a push; the key is the event's own.
        Push(inOrder, events);
        var other = events.ToArray();
        new Random(seed).Shuffle(other);
        Push(shuffled, other);
        var asOf = events.Max(static e => e.TimeMs) + (Math.Abs((long)seed) % 3_000);
        foreach (var entity in new[] { "a", "b", "c" })
        {
            var expected = inOrder.Read(ModelViews.Vector, entity, asOf);
            var actual = shuffled.Read(ModelViews.Vector, entity, asOf);
            for (var i = 0; i < expected.Length; i++)
            {
                var column = ModelViews.Columns[i];
                if (column.Contains("sum", StringComparison.Ordinal) || column.Contains("mean", StringComparison.Ordinal) || column.Contains("delta", StringComparison.Ordinal))
                {
                    // n terms of at most 60, n <= 300: n * n * 60 * 2^-53 < 1e-9, and the cast to a float.
                    Assert.True(expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) <= 1e-9 + (Math.Abs(expected[i]) * 1.2e-7), $"{column}: {expected[i]:R} and {actual[i]:R}");
                }
                else
                {
                    Assert.Equal(BitConverter.SingleToInt32Bits(expected[i]), BitConverter.SingleToInt32Bits(actual[i]));
                }
            }
        }
    });

    private static void Push(ShardHarness harness, ModelEvent[] events)
    {
        var builder = new Grid.Primitives.EventBatchBuilder();
        foreach (var e in events)
        {
            e.AddTo(builder, asPush: true);
        }

        Assert.All(harness.Push(builder.Build(), 0), static o => Assert.Equal(Grid.Primitives.EventVerdict.Accepted, o.Verdict));
    }
}
