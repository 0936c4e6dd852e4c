using System.Globalization;
using System.Text.Json;

namespace Grid.Bench.Measuring;

/// <summary>What a benchmark found, as a table for people and as JSON for programs.</summary>
internal sealed class BenchReport(string name, string what)
{
    private readonly List<BenchRow> _rows = [];
    private readonly List<BenchAim> _aims = [];

    public string Name => name;

    public IReadOnlyList<BenchRow> Rows => _rows;

    public IReadOnlyList<BenchAim> Aims => _aims;

    public void Add(string setting, string contender, params (string Name, double Value)[] figures) =>
        _rows.Add(new BenchRow(setting, contender, figures.ToDictionary(static f => f.Name, static f => f.Value, StringComparer.Ordinal)));

    /// <summary>Adds an aim that the value be at most the bound.</summary>
    public void AtMost(string setting, string text, double value, double bound) => _aims.Add(new BenchAim(setting, text, value, bound, AtLeast: false));

    /// <summary>Adds an aim that the value be at least the bound.</summary>
    public void AtLeast(string setting, string text, double value, double bound) => _aims.Add(new BenchAim(setting, text, value, bound, AtLeast: true));

    public void WriteText(TextWriter writer)
    {
        writer.WriteLine($"== {name}: {what}");
        string[] columns = [.. _rows.SelectMany(static r => r.Figures.Keys).Distinct(StringComparer.Ordinal)];
        string[][] cells =
        [
            ["setting", "contender", .. columns],
            .. _rows.Select(r => (string[])[r.Setting, r.Contender, .. columns.Select(c => r.Figures.TryGetValue(c, out var value) ? Format(value) : "-")]),
        ];
        var widths = Enumerable.Range(0, columns.Length + 2).Select(i => cells.Max(row => row[i].Length)).ToArray();
        foreach (var row in cells)
        {
            writer.WriteLine(string.Join("  ", row.Select((cell, i) => i < 2 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd());
        }

        foreach (var aim in _aims)
        {
            writer.WriteLine($"{(aim.IsMet ? "met   " : "MISSED")}  {aim.Setting}: {aim.Text} {Format(aim.Value)}, aim {(aim.AtLeast ? "at least" : "at most")} {Format(aim.Bound)}");
        }

        writer.WriteLine();
    }

    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("benchmark", name);
        json.WriteString("what", what);
        json.WriteStartArray("rows");
        foreach (var row in _rows)
        {
            json.WriteStartObject();
            json.WriteString("setting", row.Setting);
            json.WriteString("contender", row.Contender);
            foreach (var (figure, value) in row.Figures)
            {
                Write(json, figure, value);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("aims");
        foreach (var aim in _aims)
        {
            json.WriteStartObject();
            json.WriteString("setting", aim.Setting);
            json.WriteString("text", aim.Text);
            Write(json, "value", aim.Value);
            Write(json, aim.AtLeast ? "at_least" : "at_most", aim.Bound);
            json.WriteBoolean("met", aim.IsMet);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string figure, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(figure, value);
        }
        else
        {
            json.WriteNull(figure);
        }
    }

    private static string Format(double value) => Math.Abs(value) switch
    {
        >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 0.1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.0000", CultureInfo.InvariantCulture),
    };
}
