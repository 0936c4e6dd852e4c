namespace Grid.Architecture.Tests;

/// <summary>The working tree that this assembly was built in.</summary>
internal static class SourceTree
{
    private static readonly string[] ProjectFolders = ["src", "tests", "samples", "eng", "bench", "tools"];

    /// <summary>The folder of <c>Grid.sln</c>.</summary>
    public static string Root { get; } = Find();

    /// <summary>Every project file of the tree, read.</summary>
    public static IReadOnlyList<ProjectFile> Projects { get; } =
        [.. Files(ProjectFolders, "*.csproj").Select(static p => ProjectFile.Parse(p, File.ReadAllText(Path.Combine(Root, p))))];

    /// <summary>Paths from the root, with forward slashes, without what a build makes.</summary>
    public static IEnumerable<string> Files(IEnumerable<string> folders, string pattern) =>
        folders.Select(static f => Path.Combine(Root, f))
            .Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, pattern, SearchOption.AllDirectories))
            .Select(static f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
            .Where(static f => !f.Split('/').Any(static part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Grid.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Grid.sln.");
    }
}
