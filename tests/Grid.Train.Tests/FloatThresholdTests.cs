using CsCheck;
using Grid.Train.Boosting;
using Grid.Train.Onnx;

namespace Grid.Train.Tests;

public sealed class FloatThresholdTests
{
    [Fact]
    public void RoundedThreshold_DecidesEveryFloatAsTheDoubleDid()
    {
        // Doubles at, just below and just above floats: where plain rounding goes wrong.
        var near = Gen.Select(Gen.Float.Special, Gen.Int[-2, 2]).Select(static (f, steps) =>
        {
            double value = f;
            for (var i = 0; i < Math.Abs(steps); i++)
            {
                value = steps > 0 ? Math.BitIncrement(value) : Math.BitDecrement(value);
            }

            return value;
        });
        Gen.Select(Gen.OneOf(near, Gen.Double), Gen.Float).Sample(static (threshold, x) =>
        {
            if (double.IsNaN(threshold))
            {
                return;
            }

            var rounded = FloatTrees.RoundDown(threshold);
            foreach (var value in (float[])[x, rounded, MathF.BitIncrement(rounded), MathF.BitDecrement(rounded), (float)threshold])
            {
                Assert.True(value <= threshold == value <= rounded, $"x {value:R}, threshold {threshold:R}, rounded {rounded:R}");
            }
        });
    }

    [Fact]
    public void MissingValue_GoesTheWayThatTrainingChose()
    {
        var tree = new Tree([0], [0.5], [true], [~0], [~1], [1], [10, 20]);
        Assert.Equal(10, new FloatTrees(new BoostedTrees([tree])).Sum([float.NaN]));
        Assert.Equal(20, new FloatTrees(new BoostedTrees([tree with { MissingLeft = [false] }])).Sum([float.NaN]));
        Assert.Equal(10, new FloatTrees(new BoostedTrees([tree])).Sum([0.5f]));
        Assert.Equal(20, new FloatTrees(new BoostedTrees([tree])).Sum([0.50001f]));
    }
}
