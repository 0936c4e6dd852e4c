using Grid.Monitoring.Baselines;
using Grid.Monitoring.Feeding;
using Grid.Monitoring.Sketches;
using Grid.Monitoring.Windows;
using Grid.Primitives;

namespace Grid.Monitoring.Tests.Windows;

/// <summary>Made-up streams of five features and one output: what training saw, and what is served in hourly windows.</summary>
internal static class Streams
{
    public const int Features = 5;

    public static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    public static readonly VersionKey Version = new("default", "m", "1");

    /// <param name="rows">Training rows.</param>
    /// <param name="random">Their seed.</param>
    /// <param name="exact">Counts of a second pass, as the builder makes them, in place of those of the sketch.</param>
    public static Baseline Baseline(int rows, Random random, bool exact = false)
    {
        var set = new SketchSet(SketchLayout.Unbinned(Enumerable.Range(0, Features).Select(static i => $"f{i}"), ["p"]));
        for (var i = 0; i < rows; i++)
        {
            set.AddRow(Row(random, 0), []);
        }

        var baseline = Monitoring.Baselines.Baseline.Learn(set) with { Provisional = false, LabelRate = 0.5 };
        if (!exact)
        {
            return baseline;
        }

        var counted = Window(baseline.Layout(), 0, rows, random).Total;
        return baseline with
        {
            Features = [.. baseline.Features.Select((c, i) => c with { Counts = [.. counted.Columns[i].Bins] })],
            Outputs = [.. baseline.Outputs.Select((c, i) => c with { Counts = [.. counted.Columns[Features + i].Bins] })],
        };
    }

    public static SketchDelta Window(SketchLayout layout, int hour, int rows, Random random, double shift = 0, double missing = 0)
    {
        var set = new SketchSet(layout, detailed: false);
        for (var i = 0; i < rows; i++)
        {
            set.AddRow(Row(random, shift), random.NextDouble() < missing ? [1] : []);
        }

        return new SketchDelta("silo", 1, hour + 1, Start.AddHours(hour), Start.AddHours(hour + 1), set, new Dictionary<int, TenantSketch>());
    }

    public static ModelMonitor Monitor(Baseline baseline, MonitorOptions? options = null) => new(Version, default, baseline, options ?? new MonitorOptions());

    public static float[] Row(Random random, double shift)
    {
        var row = new float[Features + 1];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        row[0] += (float)shift;
        row[^1] = (float)(1 / (1 + Math.Exp(-row[0])));
        return row;
    }
}
