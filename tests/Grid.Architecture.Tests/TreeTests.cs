namespace Grid.Architecture.Tests;

public sealed class TreeTests
{
    /// <summary>A file that needs more holds more than one idea.</summary>
    private const int MaxLines = 450;

    [Fact]
    public void EveryProject_IsInTheSolution()
    {
        var solution = File.ReadAllText(Path.Combine(SourceTree.Root, "Grid.sln")).Replace('\\', '/');
        Assert.NotEmpty(SourceTree.Projects);
        Assert.All(SourceTree.Projects, p => Assert.Contains($"\"{p.Path}\"", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void SourceFiles_StayShort()
    {
        var lengths = SourceTree.Files(["src", "tests"], "*.cs").Select(static p => (Path: p, Lines: File.ReadLines(Path.Combine(SourceTree.Root, p)).Count())).ToArray();
        Assert.NotEmpty(lengths);
        Assert.All(lengths, static f => Assert.True(f.Lines <= MaxLines, $"{f.Path} has {f.Lines} lines; at most {MaxLines}: split it by concept."));
    }

    [Theory]
    [InlineData("src/Grid.Abstractions")]
    [InlineData("src/Grid.Grains")]
    public void ContractsOfGrains_AreCommitted(string project) =>
        Assert.True(File.Exists(Path.Combine(SourceTree.Root, project, "OrleansContracts.txt")), $"{project}/OrleansContracts.txt is missing: the analyzer checks nothing without it.");
}
