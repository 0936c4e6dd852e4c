using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Grid.Primitives;
using Spectre.Console;

namespace Grid.Silo.Commands;

/// <summary>Where commands print: tables with borders on a terminal, plain columns into a pipe, JSON for machines; errors apart.</summary>
internal sealed class CommandOutput(TextWriter output, TextWriter error, bool isTerminal)
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public TextWriter Out { get; } = output;

    public TextWriter Error { get; } = error;

    public static CommandOutput ForConsole() => new(Console.Out, Console.Error, !Console.IsOutputRedirected);

    public void WriteJson<T>(T body, JsonTypeInfo<T> type)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Indented))
        {
            JsonSerializer.Serialize(writer, body, type);
        }

        Out.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    public void WriteLine(string text) => Out.WriteLine(text);

    /// <summary>Prints rows under headers.</summary>
    public void WriteTable(string[] headers, IEnumerable<string[]> rows)
    {
        if (isTerminal)
        {
            var table = new Table().Border(TableBorder.Rounded);
            foreach (var header in headers)
            {
                table.AddColumn(new TableColumn(new Markup($"[bold]{Markup.Escape(header)}[/]")));
            }

            foreach (var row in rows)
            {
                table.AddRow([.. row.Select(static cell => new Text(cell))]);
            }

            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Out) }).Write(table);
            return;
        }

        WritePlain([headers, .. rows]);
    }

    /// <summary>Prints names and values, one pair a line.</summary>
    public void WritePairs(IEnumerable<(string Name, string Value)> pairs)
    {
        string[][] rows = [.. pairs.Select(static p => new[] { p.Name, p.Value })];
        if (isTerminal)
        {
            var grid = new Spectre.Console.Grid().AddColumn().AddColumn();
            foreach (var row in rows)
            {
                grid.AddRow(new Text(row[0], new Style(decoration: Decoration.Dim)), new Text(row[1]));
            }

            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Out) }).Write(grid);
            return;
        }

        WritePlain(rows);
    }

    /// <summary>Prints every error as "target: message fix", one a line.</summary>
    public void WriteErrors(IEnumerable<GridError> errors)
    {
        foreach (var item in errors)
        {
            Error.WriteLine(item.ToString());
        }
    }

    private void WritePlain(string[][] rows)
    {
        if (rows.Length == 0)
        {
            return;
        }

        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(r => r[column].Length))];
        foreach (var row in rows)
        {
            Out.WriteLine(string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
        }
    }
}
