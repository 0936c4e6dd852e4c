namespace Grid.Architecture.Tests;

public sealed class ReferenceTests
{
    [Fact]
    public void Projects_ReferenceOnlyWhatIsBelowThem() => Assert.Empty(ReferenceRules.WrongProjects(SourceTree.Projects));

    [Fact]
    public void Packages_StayBehindTheirWalls() => Assert.Empty(ReferenceRules.WrongPackages(SourceTree.Projects));

    [Fact]
    public void Client_LoadsNoGrainCodeAndNoNativeRuntime() => Assert.Empty(ReferenceRules.WrongInClient(SourceTree.Projects));

    [Fact]
    public void Projects_AreFoundWithTheirArrows()
    {
        // A reader that finds nothing would pass every rule.
        var grains = Assert.Single(SourceTree.Projects, static p => p.Path == "src/Grid.Grains/Grid.Grains.csproj");
        Assert.Contains(new Arrow("Grid.Grains", "Grid.Abstractions"), grains.Projects);
        Assert.Contains(new Arrow("Grid.Grains", "Microsoft.Orleans.Server"), grains.Packages);
        Assert.Contains("Grid.Primitives", ReferenceRules.Closure("Grid.Client", SourceTree.Projects).Keys);
    }

    [Theory]
    [InlineData("Grid.Primitives", "Grid.Abstractions")]
    [InlineData("Grid.Abstractions", "Grid.Client")]
    [InlineData("Grid.Client", "Grid.Grains")]
    [InlineData("Grid.Client", "Grid.Inference")]
    [InlineData("Grid.Features", "Grid.Abstractions")]
    [InlineData("Grid.Inference", "Grid.Features")]
    [InlineData("Grid.Storage", "Grid.Grains")]
    [InlineData("Grid.Streams.Kafka", "Grid.Grains")]
    [InlineData("Grid.Grains", "Grid.Silo")]
    [InlineData("Grid.Grains", "Grid.Client")]
    public void WrongProjectArrow_IsCaught(string from, string to)
    {
        var wrong = Assert.Single(ReferenceRules.WrongProjects(WithReference(from, "ProjectReference", $"..\\{to}\\{to}.csproj")));
        Assert.StartsWith($"{from} -> {to} ", wrong, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Grid.Features", "Microsoft.ML.OnnxRuntime")]
    [InlineData("Grid.Grains", "Microsoft.ML.OnnxRuntime.Gpu")]
    [InlineData("Grid.Grains", "Microsoft.Data.Sqlite")]
    [InlineData("Grid.Silo", "Microsoft.Data.Sqlite.Core")]
    [InlineData("Grid.Grains", "Confluent.Kafka")]
    [InlineData("Grid.Client", "Microsoft.Orleans.Server")]
    [InlineData("Grid.Abstractions", "microsoft.orleans.server")]
    [InlineData("Grid.Features", "Microsoft.Orleans.Sdk")]
    [InlineData("Grid.Storage", "xunit.v3")]
    public void WrongPackage_IsCaught(string from, string package)
    {
        var wrong = Assert.Single(ReferenceRules.WrongPackages(WithReference(from, "PackageReference", package)));
        Assert.StartsWith($"{from} -> {package} ", wrong, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Grid.Primitives", "PackageReference", "Microsoft.ML.OnnxRuntime.Managed")]
    [InlineData("Grid.Abstractions", "ProjectReference", "../Grid.Storage/Grid.Storage.csproj")]
    public void WrongArrowFarBelowTheClient_IsCaughtWithTheWayThere(string from, string kind, string to)
    {
        var wrong = ReferenceRules.WrongInClient(WithReference(from, kind, to));
        Assert.Contains(wrong, way => way.StartsWith("Grid.Client -> Grid.Abstractions -> ", StringComparison.Ordinal) && way.Contains($"{from} -> ", StringComparison.Ordinal));
    }

    [Fact]
    public void NewProjectWithoutAPlace_IsCaught()
    {
        var stranger = ProjectFile.Parse("src/Grid.Stranger/Grid.Stranger.csproj", "<Project />");
        Assert.Contains("Grid.Stranger", Assert.Single(ReferenceRules.WrongProjects([.. SourceTree.Projects, stranger])), StringComparison.Ordinal);
    }

    /// <summary>The tree with one reference more, given as the project file would say it; a project that the tables name and the tree does not have yet is added.</summary>
    private static ProjectFile[] WithReference(string from, string kind, string include)
    {
        var extra = ProjectFile.Parse($"src/{from}/{from}.csproj", $"<Project><ItemGroup><{kind} Include=\"{include}\" /></ItemGroup></Project>");
        var known = SourceTree.Projects.FirstOrDefault(p => p.Name == from);
        return
        [
            .. SourceTree.Projects.Where(p => p != known),
            known is null ? extra : known with { Projects = [.. known.Projects, .. extra.Projects], Packages = [.. known.Packages, .. extra.Packages] },
        ];
    }
}
