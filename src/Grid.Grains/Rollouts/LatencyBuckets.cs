using System.Numerics;

namespace Grid.Grains.Rollouts;

/// <summary>
/// Counts of latencies by bucket: microseconds up to 8 by themselves, then eight buckets an octave, so that a quantile is right within an eighth.
/// Counts are merged by addition. Pure.
/// </summary>
internal static class LatencyBuckets
{
    /// <summary>Up to 2^26 µs, over a minute; the last bucket holds what is longer.</summary>
    public const int Count = 192;

    private const int SubBits = 3;

    public static int IndexOf(double microseconds)
    {
        var value = (ulong)Math.Max(0, microseconds);
        if (value < 1UL << SubBits)
        {
            return (int)value;
        }

        var exponent = BitOperations.Log2(value);
        return Math.Min(Count - 1, ((exponent - SubBits + 1) << SubBits) + (int)((value >> (exponent - SubBits)) & ((1 << SubBits) - 1)));
    }

    /// <summary>The smallest latency that a bucket holds, in microseconds.</summary>
    public static double LowerBoundOf(int index)
    {
        if (index < 1 << SubBits)
        {
            return index;
        }

        var exponent = (index >> SubBits) + SubBits - 1;
        return Math.ScaleB((1 << SubBits) + (index & ((1 << SubBits) - 1)), exponent - SubBits);
    }

    /// <summary>The upper end of the bucket that a quantile falls in, in microseconds; 0 where nothing was counted.</summary>
    public static double Quantile(long[] counts, double quantile)
    {
        var total = counts.Sum();
        var rank = (long)Math.Ceiling(quantile * total);
        var seen = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            seen += counts[i];
            if (seen >= rank && seen > 0)
            {
                return LowerBoundOf(i + 1);
            }
        }

        return 0;
    }

    /// <summary>How many are certainly longer: those of buckets that begin at the limit or later.</summary>
    public static long CountOver(long[] counts, double microseconds)
    {
        var over = 0L;
        for (var i = counts.Length - 1; i >= 0 && LowerBoundOf(i) >= microseconds; i--)
        {
            over += counts[i];
        }

        return over;
    }

    public static long[] Add(long[] a, long[] b)
    {
        var sum = new long[Math.Max(a.Length, b.Length)];
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] = (i < a.Length ? a[i] : 0) + (i < b.Length ? b[i] : 0);
        }

        return sum;
    }

    /// <summary>The counts without the zeros at the end.</summary>
    public static long[] Trim(ReadOnlySpan<long> counts) => counts[..(counts.LastIndexOfAnyExcept(0) + 1)].ToArray();
}
