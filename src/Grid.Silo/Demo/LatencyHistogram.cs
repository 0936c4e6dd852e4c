using System.Numerics;

namespace Grid.Silo.Demo;

/// <summary>Counts durations in buckets an eighth of a power of two wide, so that a quantile is right to about 9 %. Thread-safe, lock-free.</summary>
internal sealed class LatencyHistogram
{
    private const int StepsPerOctave = 8;
    private readonly long[] _counts = new long[64 * StepsPerOctave];

    public void Add(TimeSpan duration) => Interlocked.Increment(ref _counts[BucketOf(Math.Max(1, duration.Ticks))]);

    /// <summary>The upper edge of the bucket that holds the quantile; zero where nothing was counted.</summary>
    /// <param name="q">0 to 1.</param>
    public TimeSpan Quantile(double q)
    {
        long total = 0;
        foreach (ref var count in _counts.AsSpan())
        {
            total += Volatile.Read(ref count);
        }

        var rank = (long)Math.Ceiling(q * total);
        long seen = 0;
        for (var i = 0; i < _counts.Length && total > 0; i++)
        {
            seen += Volatile.Read(ref _counts[i]);
            if (seen >= rank)
            {
                return TimeSpan.FromTicks(UpperEdgeOf(i));
            }
        }

        return TimeSpan.Zero;
    }

    private static int BucketOf(long ticks)
    {
        var octave = 63 - BitOperations.LeadingZeroCount((ulong)ticks);
        var step = octave < 3 ? 0 : (int)((ticks >> (octave - 3)) & (StepsPerOctave - 1));
        return (octave * StepsPerOctave) + step;
    }

    private static long UpperEdgeOf(int bucket)
    {
        var octave = bucket / StepsPerOctave;
        var step = bucket % StepsPerOctave;
        return octave < 3 ? 1L << (octave + 1) : (1L << octave) + ((step + 1L) << (octave - 3));
    }
}
