using System.Runtime.CompilerServices;

namespace Grid.Features.Records;

/// <summary>
/// One running number over the entries of a series: what it holds, of which column (-1: none), clamped how, for entries with which condition bit (-1: all).
/// An entry contributes when its bit is set and its column is there (a missing value is NaN).
/// </summary>
internal readonly record struct Accumulator(AccumulatorKind Kind, int Column, double Low, double High, int Bit)
{
    public double Identity => Kind switch
    {
        AccumulatorKind.Min => double.PositiveInfinity,
        AccumulatorKind.Max => double.NegativeInfinity,
        AccumulatorKind.Last => double.NaN,
        _ => 0,
    };

    /// <summary>Joins the numbers of two disjoint sets of entries, of which one is older throughout.</summary>
    public static double Combine(AccumulatorKind kind, double older, double newer) => kind switch
    {
        AccumulatorKind.Min => Math.Min(older, newer),
        AccumulatorKind.Max => Math.Max(older, newer),
        AccumulatorKind.Last => double.IsNaN(newer) ? older : newer,
        _ => older + newer,
    };

    /// <summary>The number of one entry; <see cref="Identity"/> where it does not contribute.</summary>
    public double Of(int bits, double value)
    {
        if (Bit >= 0 && ((bits >> Bit) & 1) == 0)
        {
            return Identity;
        }

        if (Column < 0)
        {
            return 1;
        }

        return double.IsNaN(value) ? Identity : Kind == AccumulatorKind.Count ? 1 : Math.Clamp(value, Low, High);
    }

    /// <summary>The number of consecutive entries, added from the oldest to the newest.</summary>
    /// <param name="stamps">Their times with the condition bits in the low 16.</param>
    /// <param name="values">Their column; empty where the accumulator has none.</param>
    public double Fold(ReadOnlySpan<long> stamps, ReadOnlySpan<double> values)
    {
        if (Column < 0)
        {
            return Bit < 0 ? stamps.Length : CountBits(stamps);
        }

        if (Kind == AccumulatorKind.Sum)
        {
            return Sum(stamps, values);
        }

        var total = Identity;
        for (var i = 0; i < stamps.Length; i++)
        {
            total = Combine(Kind, total, Of((int)stamps[i] & Stamp.BitMask, values[i]));
        }

        return total;
    }

    private int CountBits(ReadOnlySpan<long> stamps)
    {
        var count = 0;
        foreach (var stamp in stamps)
        {
            count += (int)(stamp >> Bit) & 1;
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Sum(ReadOnlySpan<long> stamps, ReadOnlySpan<double> values)
    {
        var (low, high, bit) = (Low, High, Bit);
        var total = 0.0;
        values = values[..stamps.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            if (!double.IsNaN(value) && (bit < 0 || ((stamps[i] >> bit) & 1) != 0))
            {
                total += value < low ? low : value > high ? high : value;
            }
        }

        return total;
    }
}
