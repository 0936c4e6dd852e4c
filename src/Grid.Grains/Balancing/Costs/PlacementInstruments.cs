using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Grid.Grains.Balancing.Costs;

/// <summary>
/// The time that placement and balancing take from this silo's threads, meter <c>Grid.Placement</c>. Each step is timed while it runs, never while it waits;
/// a thread that loses its core meanwhile counts as running, so that the figure is an upper bound of processor time. Thread-safe; one per host.
/// </summary>
internal sealed class PlacementInstruments
{
    public const string MeterName = "Grid.Placement";

    private static readonly KeyValuePair<string, object?>[] s_tags =
        [.. Enum.GetValues<PlacementWork>().Select(static work => new KeyValuePair<string, object?>("work", NameOf(work)))];

    private readonly long[] _ticks = new long[s_tags.Length];

    public PlacementInstruments(IMeterFactory factory) =>
        factory.Create(MeterName).CreateObservableCounter(
            "grid.placement.time",
            () => s_tags.Select((tag, i) => new Measurement<double>(Volatile.Read(ref _ticks[i]) / (double)Stopwatch.Frequency, tag)),
            "s",
            "Time that placement and balancing took from threads, by kind of work.");

    /// <summary>A step that began at the time stamp of <see cref="Stopwatch"/> has ended.</summary>
    public void Took(PlacementWork work, long began) => Interlocked.Add(ref _ticks[(int)work], Stopwatch.GetTimestamp() - began);

    internal static string NameOf(PlacementWork work) => work.ToString().ToLowerInvariant();
}
