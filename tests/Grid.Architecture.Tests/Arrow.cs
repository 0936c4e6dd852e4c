namespace Grid.Architecture.Tests;

/// <summary>One reference of a project: to another project of the tree, or to a package.</summary>
/// <param name="From">Name of the referencing project file.</param>
/// <param name="To">Name of the project or package.</param>
internal sealed record Arrow(string From, string To)
{
    public override string ToString() => $"{From} -> {To}";
}
