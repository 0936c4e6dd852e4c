using CsCheck;
using Grid.Grains.Placement;

namespace Grid.Balancing.Tests.Placement;

public sealed class RendezvousTests
{
    private const int Keys = 20_000;

    [Fact]
    public void JoiningSilo_TakesItsShareAndNothingElseMoves() =>
        Gen.Select(Gen.Int[2, 60], Gen.ULong).Sample(
            (silos, salt) =>
            {
                var (names, weights) = Cluster(silos + 1, salt);
                var moved = 0;
                for (var key = 0UL; key < Keys; key++)
                {
                    var before = Rendezvous.Pick(Key(key), names.AsSpan(0, silos), weights.AsSpan(0, silos));
                    var after = Rendezvous.Pick(Key(key), names, weights);
                    if (after != before)
                    {
                        Assert.Equal(silos, after);
                        moved++;
                    }
                }

                // Five standard deviations of a binomial.
                var share = 1.0 / (silos + 1);
                Assert.InRange(moved, 0, (Keys * share) + (5 * Math.Sqrt(Keys * share)));
            },
            iter: 20,
            threads: 1);

    [Fact]
    public void Keys_FollowTheWeights()
    {
        var (names, weights) = Cluster(4, 7);
        (weights[0], weights[1], weights[2], weights[3]) = (1, 2, 5, 0);
        var counts = new int[4];
        for (var key = 0UL; key < Keys; key++)
        {
            counts[Rendezvous.Pick(Key(key), names, weights)]++;
        }

        Assert.Equal(0, counts[3]);
        for (var i = 0; i < 3; i++)
        {
            Assert.InRange(counts[i] / (double)Keys, (weights[i] / 8) - 0.02, (weights[i] / 8) + 0.02);
        }
    }

    [Fact]
    public void ChangedWeight_MovesKeysOnlyToOrFromThatSilo()
    {
        var (names, weights) = Cluster(10, 3);
        var heavier = weights.ToArray();
        heavier[4] *= 1.5;
        for (var key = 0UL; key < Keys; key++)
        {
            var (before, after) = (Rendezvous.Pick(Key(key), names, weights), Rendezvous.Pick(Key(key), names, heavier));
            Assert.True(before == after || after == 4, $"key {key} went from {before} to {after}");
        }
    }

    [Fact]
    public void OrderOfSilos_MeansNothing() =>
        Gen.Select(Gen.ULong, Gen.Shuffle(Enumerable.Range(0, 12).ToArray())).Sample(
            (key, order) =>
            {
                var (names, weights) = Cluster(12, 5);
                var shuffled = order.Select(i => names[i]).ToArray();
                Assert.Equal(names[Rendezvous.Pick(key, names, weights)], shuffled[Rendezvous.Pick(key, shuffled, weights)]);
            });

    [Fact]
    public void NoWeight_NoSilo() => Assert.Equal(-1, Rendezvous.Pick(1, [1, 2], [0, -1]));

    private static (ulong[] Names, double[] Weights) Cluster(int silos, ulong salt) =>
        ([.. Enumerable.Range(0, silos).Select(i => Rendezvous.Hash($"{salt}/{i}"))], [.. Enumerable.Repeat(1.0, silos)]);

    private static ulong Key(ulong number) => Rendezvous.Hash($"key {number}");
}
