using Grid.TestKit;
using Grid.Train.Commands;
using Grid.Train.Tests.Support;

namespace Grid.Train.Tests;

/// <summary>What is wrong is named, and no folder appears.</summary>
public sealed class BadDataTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TextColumn_IsNamed_AndCanBeLeftOut()
    {
        await Table().Texts("carrier", [.. Enumerable.Repeat("AA", 100)]).WriteAsync(_folder.Sub("set.parquet"));
        await AssertFailsAsync("column 'carrier': is text");
        await AssertFailsAsync("(--ignore carrier)");
        Assert.Equal(TrainCommands.Ok, (await RunAsync("--ignore", "carrier")).Code);
    }

    [Fact]
    public async Task UnknownColumns_AreAllNamed()
    {
        await Table().WriteAsync(_folder.Sub("set.parquet"));
        await AssertFailsAsync("column 'nothing' (--time)", "--time", "nothing");
        await AssertFailsAsync("column 'x' (--features)", "--features", "a", "x");
        await AssertFailsAsync("column 'a': is named twice", "--features", "a", "a");
    }

    [Fact]
    public async Task LabelOtherThanZeroOrOne_IsNamed()
    {
        await Table(label: 2).WriteAsync(_folder.Sub("set.parquet"));
        await AssertFailsAsync("label: is 2");
    }

    [Fact]
    public async Task OneLabelOnly_IsRefused()
    {
        await Table(label: 0).WriteAsync(_folder.Sub("set.parquet"));
        await AssertFailsAsync("label: is 0 in all 80 rows");
    }

    [Fact]
    public async Task LabelWithoutAValue_IsNamedWithItsRow()
    {
        var labels = new double?[100];
        Array.Fill(labels, 1);
        labels[42] = null;
        await new ParquetTable().Floats("a", new float[100]).Optional("label", labels).WriteAsync(_folder.Sub("set.parquet"));
        await AssertFailsAsync("column 'label': is NaN in row 42");
    }

    [Fact]
    public async Task NoParquet_NoFile_NoRows()
    {
        await AssertFailsAsync("does not exist");
        await File.WriteAllTextAsync(_folder.Sub("set.parquet"), "a,b\n1,2\n", TestContext.Current.CancellationToken);
        await AssertFailsAsync("cannot be read as Parquet");
        await new ParquetTable().Floats("a", []).Floats("label", []).WriteAsync(_folder.Sub("set.parquet"));
        await AssertFailsAsync("has no rows");
    }

    [Fact]
    public async Task OptionsOutOfRange_AreAllNamed()
    {
        await Table().WriteAsync(_folder.Sub("set.parquet"));
        await AssertFailsAsync("--rounds: is 0", "--rounds", "0");
        await AssertFailsAsync("--learning-rate: is NaN", "--learning-rate", "NaN", "--leaves", "1");
        await AssertFailsAsync("--leaves: is 1", "--learning-rate", "NaN", "--leaves", "1");
        await AssertFailsAsync("--validation-share: is 1", "--validation-share", "1");
    }

    [Fact]
    public async Task FolderThatIsThere_IsNotTouched()
    {
        await Table().WriteAsync(_folder.Sub("set.parquet"));
        Directory.CreateDirectory(_folder.Sub("out"));
        await File.WriteAllTextAsync(Path.Combine(_folder.Sub("out"), "model.onnx"), "mine", TestContext.Current.CancellationToken);
        var (code, error) = await RunAsync();
        Assert.Equal(TrainCommands.Failed, code);
        Assert.Contains("is there already", error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(_folder.Sub("out"), "model.onnx"), TestContext.Current.CancellationToken));
    }

    private static ParquetTable Table(float? label = null) => new ParquetTable()
        .Floats("a", [.. Enumerable.Range(0, 100).Select(static i => (float)i)])
        .Floats("label", [.. Enumerable.Range(0, 100).Select(i => label ?? (i * 7 % 10 < 3 ? 1f : 0f))]);

    private async Task AssertFailsAsync(string message, params string[] options)
    {
        var (code, error) = await RunAsync(options);
        Assert.Equal(TrainCommands.Failed, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Sub("out")));
        Assert.Empty(Directory.EnumerateDirectories(_folder.Path));
    }

    private async Task<(int Code, string Error)> RunAsync(params string[] options)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await TrainCommands.InvokeAsync(
            ["train", "--data", _folder.Sub("set.parquet"), "--out", _folder.Sub("out"), "--threads", "1", .. options], output, error, TestContext.Current.CancellationToken);
        return (code, error.ToString());
    }
}
