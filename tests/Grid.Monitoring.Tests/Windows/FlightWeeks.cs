using Grid.Monitoring.Baselines;
using Grid.Monitoring.Feeding;

namespace Grid.Monitoring.Tests.Windows;

/// <summary>Real weeks of 2001: see Data/README.md.</summary>
internal static class FlightWeeks
{
    public static readonly Baseline Baseline = Baseline.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "flights-baseline.json")));

    public static IReadOnlyList<(SketchDelta Sketches, PerformanceDelta Performance)> All { get; } = Read();

    private static List<(SketchDelta, PerformanceDelta)> Read()
    {
        using var reader = new BinaryReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Data", "flights-weekly.bin")));
        var layout = Baseline.Layout();
        var weeks = new List<(SketchDelta, PerformanceDelta)>();
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            weeks.Add((SketchDelta.FromBytes(reader.ReadBytes(reader.ReadInt32()), layout), PerformanceDelta.FromBytes(reader.ReadBytes(reader.ReadInt32()))));
        }

        return weeks;
    }
}
