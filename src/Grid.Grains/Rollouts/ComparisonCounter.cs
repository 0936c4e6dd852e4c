using Grid.Abstractions;

namespace Grid.Grains.Rollouts;

/// <summary>Counts what this silo has compared of one challenger. Thread-safe.</summary>
internal sealed class ComparisonCounter
{
    private readonly Lock _lock = new();
    private readonly long[] _latency = new long[LatencyBuckets.Count];
    private long _compared;
    private long _disagreed;
    private double _sum;
    private double _sumAbsolute;
    private double _sumSquared;
    private double _maxAbsolute;
    private long _errors;
    private long _dropped;

    public void Dropped() => Interlocked.Increment(ref _dropped);

    public void Failed() => Interlocked.Increment(ref _errors);

    public void Compared(in OutputDifference difference, TimeSpan latency)
    {
        lock (_lock)
        {
            _compared++;
            _disagreed += difference.Disagrees ? 1 : 0;
            _sum += difference.Signed;
            _sumAbsolute += difference.Absolute;
            _sumSquared += difference.Absolute * difference.Absolute;
            _maxAbsolute = Math.Max(_maxAbsolute, difference.Absolute);
            _latency[LatencyBuckets.IndexOf(latency.TotalMicroseconds)]++;
        }
    }

    public ComparisonTally Read(string champion, string challenger)
    {
        lock (_lock)
        {
            return new ComparisonTally(
                champion,
                challenger,
                _compared,
                _disagreed,
                _sum,
                _sumAbsolute,
                _sumSquared,
                _maxAbsolute,
                Interlocked.Read(ref _errors),
                Interlocked.Read(ref _dropped),
                LatencyBuckets.Trim(_latency));
        }
    }
}
