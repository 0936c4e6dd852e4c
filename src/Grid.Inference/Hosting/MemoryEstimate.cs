namespace Grid.Inference.Hosting;

/// <summary>
/// What a version is charged against the budget: known before it is loaded and the same every time, so that eviction can be foretold.
/// The growth of the process is measured too and shown, but not charged, since others allocate at the same time.
/// </summary>
internal static class MemoryEstimate
{
    /// <summary>A session of ONNX Runtime with the smallest model takes 130 to 180 KiB (100 and 500 sessions, Linux x64).</summary>
    private const long SessionBytes = 192 * 1024;

    /// <summary>Weights are held once, and once more while they are read and packed; tree ensembles are unpacked into nodes.</summary>
    private const int Factor = 3;

    public static long For(long weightBytes) => SessionBytes + (Factor * weightBytes);
}
