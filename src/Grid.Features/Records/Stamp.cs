namespace Grid.Features.Records;

/// <summary>An entry's event time and the bits of the conditions that held for it, in one 64-bit number that sorts by time.</summary>
internal static class Stamp
{
    public const int BitCount = 16;

    public const int BitMask = (1 << BitCount) - 1;

    /// <summary>Event times fit 48 bits: about 4,450 years to either side of 1970.</summary>
    public const long MaxTimeMs = (1L << 47) - 1;

    public const long MinTimeMs = -MaxTimeMs;

    public static long Of(long timeMs, int bits) => (timeMs << BitCount) | (uint)bits;

    public static long TimeOf(long stamp) => stamp >> BitCount;
}
