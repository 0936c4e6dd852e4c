using System.Text.Json;

namespace Grid.Monitoring.Tests.Vectors;

/// <summary>Known answers from reference implementations; each names how it was made.</summary>
internal static class DriftVectors
{
    private static readonly Dictionary<string, JsonElement> ById = Load();

    public static (JsonElement Input, JsonElement Expected) Get(string id) => (ById[id].GetProperty("input"), ById[id].GetProperty("expected"));

    public static double[] Numbers(this JsonElement array) => [.. array.EnumerateArray().Select(static v => v.GetDouble())];

    public static double[] Numbers(this JsonElement parent, string name) => parent.GetProperty(name).Numbers();

    public static double Number(this JsonElement parent, string name) => parent.GetProperty(name).GetDouble();

    /// <summary>The two count tables over the union of their categories.</summary>
    public static (long[] Reference, long[] Current) CategoryCounts(this JsonElement input)
    {
        var reference = input.GetProperty("reference_value_counts");
        var current = input.GetProperty("current_value_counts");
        string[] keys = [.. reference.EnumerateObject().Concat(current.EnumerateObject()).Select(static p => p.Name).Distinct().Order(StringComparer.Ordinal)];
        return ([.. keys.Select(k => Count(reference, k))], [.. keys.Select(k => Count(current, k))]);

        static long Count(JsonElement table, string key) => table.TryGetProperty(key, out var n) ? n.GetInt64() : 0;
    }

    /// <summary>Equal-width bins as numpy counts them: the last one holds its upper edge.</summary>
    public static long[] Histogram(double[] values, double[] edges)
    {
        var counts = new long[edges.Length - 1];
        foreach (var v in values)
        {
            counts[v == edges[^1] ? counts.Length - 1 : edges.Count(e => e <= v) - 1]++;
        }

        return counts;
    }

    /// <summary>Numbers in [0, 1) of the generator that the vectors define.</summary>
    public static IEnumerable<double> Uniform(long seed, int count)
    {
        for (var i = 0; i < count; i++)
        {
            seed = ((seed * 1103515245) + 12345) % (1L << 31);
            yield return seed / (double)(1L << 31);
        }
    }

    private static Dictionary<string, JsonElement> Load()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "drift-vectors.json")));
        return document.RootElement.GetProperty("vectors").EnumerateArray().ToDictionary(static v => v.GetProperty("id").GetString()!, static v => v.Clone(), StringComparer.Ordinal);
    }
}
