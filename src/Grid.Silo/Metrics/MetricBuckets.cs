using System.Diagnostics.Metrics;

namespace Grid.Silo.Metrics;

/// <summary>Upper bounds of histogram buckets.</summary>
internal static class MetricBuckets
{
    /// <summary>10 µs to 10 s in steps of about 2.2: a prediction in the process takes tens of microseconds, a slow one seconds.</summary>
    public static readonly double[] Seconds =
    [
        1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 5e-2, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ];

    /// <summary>64 bytes to 256 MiB in steps of four.</summary>
    public static readonly double[] Bytes = [.. Enumerable.Range(3, 12).Select(static i => Math.Pow(4, i))];

    /// <summary>1 to 100,000.</summary>
    public static readonly double[] Counts = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000];

    /// <summary>0 to 1.</summary>
    public static readonly double[] Ratios = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1];

    /// <summary>What the instrument advises, in the emitted unit; else what suits its unit.</summary>
    public static double[] Of(Instrument instrument, MetricUnit unit) =>
        Advised(instrument) is { Length: > 0 } advised
            ? [.. advised.Select(b => b * unit.Scale)]
            : unit.Suffix switch
            {
                "seconds" => Seconds,
                "bytes" => Bytes,
                "ratio" => Ratios,
                _ => Counts,
            };

    private static double[]? Advised(Instrument instrument) => instrument switch
    {
        Histogram<double> h => [.. h.Advice?.HistogramBucketBoundaries ?? []],
        Histogram<float> h => [.. (h.Advice?.HistogramBucketBoundaries ?? []).Select(static b => (double)b)],
        Histogram<long> h => [.. (h.Advice?.HistogramBucketBoundaries ?? []).Select(static b => (double)b)],
        Histogram<int> h => [.. (h.Advice?.HistogramBucketBoundaries ?? []).Select(static b => (double)b)],
        Histogram<short> h => [.. (h.Advice?.HistogramBucketBoundaries ?? []).Select(static b => (double)b)],
        Histogram<byte> h => [.. (h.Advice?.HistogramBucketBoundaries ?? []).Select(static b => (double)b)],
        Histogram<decimal> h => [.. (h.Advice?.HistogramBucketBoundaries ?? []).Select(static b => (double)b)],
        _ => null,
    };
}
