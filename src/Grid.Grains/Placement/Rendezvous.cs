using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Grid.Grains.Placement;

/// <summary>
/// Weighted rendezvous hashing: each silo draws a number for a key and the best one has it. Pure and stable: a silo that joins takes only what
/// falls to it, about its share, and one that leaves gives up only what it had. Each silo gets keys in proportion to its weight (Schindelhauer and
/// Schomaker, "Weighted distributed hash tables", 2005: the draw is −weight ÷ ln u, with u uniform over (0, 1)).
/// </summary>
internal static class Rendezvous
{
    /// <summary>A number for a name, the same in every process and version.</summary>
    public static ulong Hash(ReadOnlySpan<char> name) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(name));

    /// <summary>The draw of a silo for a key; the highest has it.</summary>
    /// <param name="key">Hash of what is placed.</param>
    /// <param name="silo">Hash of the silo's name.</param>
    /// <param name="weight">Its share, relative to the others; 0 or less never wins over a positive one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Draw(ulong key, ulong silo, double weight)
    {
        // 53 bits, moved off zero: the logarithm stays finite and below zero.
        var uniform = ((Mix(key ^ (silo * 0x9E3779B97F4A7C15UL)) >> 11) + 0.5) * (1.0 / (1UL << 53));
        return weight > 0 ? -weight / Math.Log(uniform) : double.NegativeInfinity;
    }

    /// <summary>Index of the silo that has the key, or -1 if no weight is positive. Equal draws go to the lower hash, so the order of the silos means nothing.</summary>
    /// <param name="key">Hash of what is placed.</param>
    /// <param name="silos">Hashes of the silos' names.</param>
    /// <param name="weights">Their weights, one for each silo.</param>
    public static int Pick(ulong key, ReadOnlySpan<ulong> silos, ReadOnlySpan<double> weights)
    {
        var best = -1;
        var bestDraw = double.NegativeInfinity;
        for (var i = 0; i < silos.Length; i++)
        {
            var draw = Draw(key, silos[i], weights[i]);
            if (draw > bestDraw || (draw == bestDraw && best >= 0 && silos[i] < silos[best]))
            {
                (best, bestDraw) = (i, draw);
            }
        }

        return best;
    }

    /// <summary>Finalizer of SplitMix64 (Steele, Lea and Flood, 2014): every input bit reaches every output bit.</summary>
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
