using Grid.Silo.Commands;

namespace Grid.Silo.Tests.Commands;

public sealed class CommandOutputTests
{
    private static readonly string[] Headers = ["name", "value"];
    private static readonly string[][] Rows = [["a", "1"], ["[bold]", new string('x', 300)]];

    [Fact]
    public void IntoAPipe_RowsAreLinesOfPlainColumns()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        new CommandOutput(writer, TextWriter.Null, isTerminal: false).WriteTable(Headers, Rows);
        Assert.Equal($"name    value\na       1\n[bold]  {new string('x', 300)}\n", writer.ToString());
    }

    [Fact]
    public void OnATerminal_RowsAreInATable_AndTextIsNotMarkup()
    {
        using var writer = new StringWriter();
        new CommandOutput(writer, TextWriter.Null, isTerminal: true).WriteTable(Headers, Rows);
        Assert.Contains("[bold]", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains('│', writer.ToString());
    }
}
