namespace Grid.Inference.Hosting;

/// <summary>
/// What a version is charged against the budget: known before it is loaded and the same every time, so that eviction can be foretold.
/// The growth of the process is measured too and shown, but not charged, since others allocate at the same time.
/// </summary>
internal static class MemoryEstimate
{
    /// <summary>A session with next to no weights, its warmed buffers included.</summary>
    private const long SessionBytes = 256 * 1024;

    /// <summary>
    /// A small model takes about five times its file: the graph as read, as optimised, and weights packed for the processor or trees unpacked
    /// into nodes. Measured over 30 sessions each, Linux x64: 26 KB, 155 KB, 579 KB, 942 KB and 2.3 MB of file grew the process by
    /// 0.31, 1.1, 2.2, 4.6 and 9.7 MiB.
    /// </summary>
    private const int SmallFactor = 5;

    /// <summary>Of a large one weights are nearly all: held once, and once more while they are read and packed.</summary>
    private const int LargeFactor = 2;

    private const long LargeFromBytes = 16 << 20;

    public static long For(long weightBytes) =>
        SessionBytes + (SmallFactor * Math.Min(weightBytes, LargeFromBytes)) + (LargeFactor * Math.Max(0, weightBytes - LargeFromBytes));
}
