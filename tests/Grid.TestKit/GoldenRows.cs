using System.Globalization;
using Grid.Samples.Flights;

namespace Grid.TestKit;

/// <summary>Reads golden rows.</summary>
public static class GoldenRows
{
    private const int Features = 24;

    /// <summary>Rows by flight id.</summary>
    public static IReadOnlyDictionary<int, GoldenRow> Load(string path)
    {
        var rows = new Dictionary<int, GoldenRow>();
        foreach (var cells in FlightData.ReadCsv(path))
        {
            var features = new float[Features];
            for (var i = 0; i < Features; i++)
            {
                features[i] = Parse(cells[i + 1]);
            }

            var id = int.Parse(cells[0], CultureInfo.InvariantCulture);
            rows.Add(id, new GoldenRow(id, features, Parse(cells[Features + 1]), Parse(cells[Features + 2])));
        }

        return rows;
    }

    // Through double: a float's own shortest form and 17 digits of the double both round to the same float.
    private static float Parse(string text) => (float)double.Parse(text, CultureInfo.InvariantCulture);
}
