namespace Grid.Inference.Repository;

/// <summary>A file on its way into a package.</summary>
/// <param name="Name">Path inside the version's folder, with <c>/</c>.</param>
/// <param name="Content">Its bytes; read to the end once, not disposed.</param>
public sealed record PackageEntry(string Name, Stream Content);
