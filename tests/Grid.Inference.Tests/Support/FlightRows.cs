using System.Globalization;
using System.IO.Compression;

namespace Grid.Inference.Tests.Support;

/// <summary>The golden rows that have predictions: those from 2001-01-08 on, when the widest window is full for the first time.</summary>
internal static class FlightRows
{
    public const int Columns = 24;

    private static readonly Lazy<(float[] Features, double[] P1, double[] P2)[]> Loaded = new(() => [Load()]);

    public static (float[] Features, double[] P1, double[] P2) All => Loaded.Value[0];

    private static (float[] Features, double[] P1, double[] P2) Load()
    {
        var dates = Lines("mini.csv.gz").Skip(1).Select(l => l.Split(',')).ToDictionary(c => c[0], c => c[1]);
        var features = new List<float>();
        var p1 = new List<double>();
        var p2 = new List<double>();
        foreach (var cells in Lines("mini-golden.csv.gz").Skip(1).Select(l => l.Split(',')))
        {
            if (string.CompareOrdinal(dates[cells[0]], "2001-01-08") >= 0)
            {
                features.AddRange(cells.Skip(1).Take(Columns).Select(c => float.Parse(c, CultureInfo.InvariantCulture)));
                p1.Add(double.Parse(cells[^3], CultureInfo.InvariantCulture));
                p2.Add(double.Parse(cells[^2], CultureInfo.InvariantCulture));
            }
        }

        return ([.. features], [.. p1], [.. p2]);
    }

    private static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(TestFiles.FlightData(name)), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
