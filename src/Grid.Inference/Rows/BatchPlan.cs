namespace Grid.Inference.Rows;

/// <summary>
/// Which bound batches to run for a number of rows, given what each costs: padding is nearly free for a small network and dear for trees.
/// Immutable, pure.
/// </summary>
internal sealed class BatchPlan
{
    private readonly int[] _first;
    private readonly double[] _cost;

    /// <param name="buckets">Rows of each bound batch, ascending.</param>
    /// <param name="nanoseconds">Cost of a run of each.</param>
    public BatchPlan(int[] buckets, double[] nanoseconds)
    {
        Nanoseconds = nanoseconds;
        _first = new int[buckets[^1] + 1];
        _cost = new double[buckets[^1] + 1];
        for (var rows = 1; rows < _cost.Length; rows++)
        {
            _cost[rows] = double.PositiveInfinity;
            for (var i = 0; i < buckets.Length; i++)
            {
                var cost = nanoseconds[i] + _cost[Math.Max(0, rows - buckets[i])];
                // Of equals the larger: fewer runs.
                if (cost <= _cost[rows])
                {
                    _cost[rows] = cost;
                    _first[rows] = i;
                }
            }
        }
    }

    /// <summary>What a run of each bucket costs, in nanoseconds.</summary>
    public double[] Nanoseconds { get; }

    /// <summary>What a row costs where batches are full, in nanoseconds.</summary>
    public double NanosecondsPerRow => _cost[^1] / (_cost.Length - 1);

    /// <summary>Position of the bucket to run first; the rows that it does not hold are planned again.</summary>
    public int First(int rows) => _first[rows];

    /// <summary>What that many rows cost in all; any number.</summary>
    public double CostOf(int rows)
    {
        var max = _cost.Length - 1;
        return ((rows / max) * _cost[max]) + _cost[rows % max];
    }
}
