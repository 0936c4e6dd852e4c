using System.Xml.Linq;

namespace Grid.Architecture.Tests;

/// <summary>What a project file of the tree refers to.</summary>
/// <param name="Path">Path from the root of the tree, with forward slashes.</param>
/// <param name="Projects">Arrows to projects.</param>
/// <param name="Packages">Arrows to packages.</param>
internal sealed record ProjectFile(string Path, IReadOnlyList<Arrow> Projects, IReadOnlyList<Arrow> Packages)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Source of the product, as opposed to its tests, samples and tools.</summary>
    public bool IsProduct => Path.StartsWith("src/", StringComparison.Ordinal);

    public static ProjectFile Parse(string path, string xml)
    {
        var root = XDocument.Parse(xml).Root!;
        var name = System.IO.Path.GetFileNameWithoutExtension(path);
        return new ProjectFile(
            path,
            [.. Includes(root, "ProjectReference").Select(i => new Arrow(name, System.IO.Path.GetFileNameWithoutExtension(i.Replace('\\', '/'))))],
            [.. Includes(root, "PackageReference").Select(i => new Arrow(name, i))]);
    }

    private static IEnumerable<string> Includes(XElement root, string item) =>
        root.Descendants().Where(e => e.Name.LocalName == item).SelectMany(static e => ((string?)e.Attribute("Include") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
