using Grid.Abstractions;
using Grid.Monitoring.Performance;

namespace Grid.Grains.Rollouts;

/// <summary>Sums of losses as they are stored and sent, and as they are reckoned with.</summary>
internal static class LossTallies
{
    public static LossTally ToTally(this LossSum sum) => new(sum.Count, sum.Sum, sum.SumOfSquares);

    public static LossSum ToSum(this LossTally tally) => new(tally.Count, tally.Sum, tally.SumOfSquares);
}
