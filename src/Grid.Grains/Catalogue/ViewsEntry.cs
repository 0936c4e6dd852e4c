namespace Grid.Grains.Catalogue;

/// <summary>Stored feature views: canonical YAML and the digest of what it means.</summary>
internal sealed record ViewsEntry(string Generation, string Yaml);
